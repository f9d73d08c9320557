import { statSync } from "node:fs";
import { extname, join } from "node:path";
import { madeFolder } from "./spec.js";

/**
 * The file that `-o` names, or undefined for standard output (`-`). What is there is what it is; of what is not, a path with an
 * extension is a file, and one without a folder, which is made and gets a file of this name.
 */
export function outFile(out: string, name: string): string | undefined {
  if (out === "-") return undefined;
  return isFolder(out) ? join(madeFolder(out), name) : out;
}

/** Whether `-o` names a folder. */
export function isFolder(out: string): boolean {
  const found = statSync(out, { throwIfNoEntry: false });
  if (found) return found.isDirectory();
  return out.endsWith("/") || extname(out) === "";
}
