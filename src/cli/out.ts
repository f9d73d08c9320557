import { statSync } from "node:fs";
import { extname, join } from "node:path";
import { madeFolder, refuse } from "./spec.js";

/**
 * The file that `-o` names, or undefined for standard output (`-`). What is there is what it is; of what is not, a path with an
 * extension is a file, and one without a folder, which is made and gets a file of this name. A file that the command `reads` is not
 * written over.
 */
export function outFile(out: string, name: string, reads: readonly string[]): string | undefined {
  if (out === "-") return undefined;
  const path = isFolder(out) ? join(madeFolder(out), name) : out;
  if (reads.some((file) => isSame(file, path)))
    refuse("NN6006", path, { path, reason: "the command reads this file, and would lose it" });
  return path;
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one?.isFile() === true && one.ino === other?.ino && one.dev === other.dev;
}

/** Whether `-o` names a folder. */
export function isFolder(out: string): boolean {
  const found = statSync(out, { throwIfNoEntry: false });
  if (found) return found.isDirectory();
  return out.endsWith("/") || extname(out) === "";
}
