import { exitCodes } from "./exit.js";
import { systemReason } from "./system.js";

/** A reader that has seen enough (`nnc … | head`) is no mistake; a full disk is one. */
export function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(exitCodes.fine);
  process.stderr.write(`The output cannot be written: ${systemReason(error)}.\n`);
  process.exit(exitCodes.mistake);
}

/** A work that is more than its output goes on when nobody can read it any more: what it says is dropped from there on. */
export function outliveReaders(): void {
  let isTold = false;
  process.stdout.removeListener("error", endWithReader);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isTold || error.code === "EPIPE") return;
    isTold = true;
    process.stderr.write(
      `The output cannot be written: ${systemReason(error)}. The work goes on without it.\n`,
    );
  });
}
