import { systemCode } from "../data/system-code.js";

const systemReasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EEXIST", "it is no folder"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of the path is no folder"],
  ["EACCES", "access is denied"],
  ["EPERM", "it is not permitted"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the file system is read-only"],
]);

/** What the system says of a failed file operation, in words. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = systemReasons.get(systemCode(error));
  // Node's own words are those of the system between a code and what was called: `ELOOP: too many links, open 'a'`.
  return known ?? error.message.replace(/^E[A-Z0-9]+: (.*), \w+( '.*')?$/s, "$1");
}
