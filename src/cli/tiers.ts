import { setFlagsFromString } from "node:v8";

/**
 * Lets the host wait longer before it optimizes a function: a compilation runs most of its code a few times only, and
 * in Node 20 optimizing it took a third of the time. Later versions have a tier in between and need no help.
 */
export function optimizeLater(): void {
  const [major] = process.versions.node.split(".");
  if (Number(major) < 22) setFlagsFromString("--interrupt-budget=600000");
}
