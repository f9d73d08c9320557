#!/usr/bin/env node
import { exitCodes, Exit } from "./exit.js";
import { optimizeLater } from "./tiers.js";
import { printableLines } from "../diagnostics/printable.js";
import { program } from "./program.js";
import { endWithReader } from "./streams.js";

async function main(): Promise<number> {
  try {
    await program().parseAsync();
    return exitCodes.fine;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `nnc met a defect of its own. Please report it with the spec that shows it.\n${printableLines(detail)}\n`,
    );
    return exitCodes.defect;
  }
}

function isCommanderError(error: unknown): error is { exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

process.stdout.on("error", endWithReader);
// Nobody is left to be told.
process.stderr.on("error", () => {});
optimizeLater();
process.exitCode = await main();
