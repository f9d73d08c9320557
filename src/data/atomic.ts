import {
  closeSync,
  fchmodSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that a reader finds either the old content or the new one, never a part. On failure it throws,
 * the old content is untouched, and nothing is left behind.
 */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): void {
  // A link keeps pointing to its file, whose content is replaced.
  const target = existsSync(path) ? realpathSync(path) : path;
  const before = existsSync(target) ? statSync(target) : undefined;
  // What goes to a pipe or a device is written to it: a file in its place would take it away from everybody.
  if (before && !before.isFile() && !before.isDirectory()) return writeFileSync(target, bytes);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    const file = openSync(temporary, "wx");
    try {
      if (before) fchmodSync(file, before.mode & 0o777);
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
