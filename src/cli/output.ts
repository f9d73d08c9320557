import { printableLines } from "../diagnostics/printable.js";
import { hasErrors, type Diagnostic } from "../diagnostics/index.js";
import { diagnosticToJson, renderAll } from "../diagnostics/render.js";
import { exitCodes, Exit } from "./exit.js";

/** Whether colours suit this stream. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  if (process.env["NO_COLOR"]) return false;
  return Boolean(process.env["FORCE_COLOR"]) || stream.isTTY === true;
}

/** Lines that cannot control a terminal, whatever names and values are in them. */
export function print(text: string): void {
  process.stdout.write(`${printableLines(text)}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}

/** Data for another program or a file, as it is; a terminal is not controlled by it. */
export function printData(text: string): void {
  process.stdout.write(process.stdout.isTTY ? printableLines(text) : text);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** The one object of `--json`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]) {
  return { version: 1, diagnostics: diagnostics.map(diagnosticToJson) };
}

/** Shows what there is to say on stderr; with errors the command ends. */
export function report(
  diagnostics: readonly Diagnostic[],
  options: { json?: boolean | undefined } = {},
): void {
  if (diagnostics.length > 0) {
    if (options.json) printError(JSON.stringify(diagnosticsJson(diagnostics)));
    // Its colours are our own; what is not is spelled out there.
    else process.stderr.write(`${renderAll(diagnostics, { color: wantsColor(process.stderr) })}\n`);
  }
  if (hasErrors(diagnostics)) throw new Exit(exitCodes.mistake);
}

/** What was read and checked; mistakes in it end the command. */
export function take<T>(read: Read<T> | undefined): T {
  report(read?.diagnostics ?? []);
  if (read?.value === undefined) throw new Error("nothing was read, and no mistake was told");
  return read.value;
}

interface Read<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Ends a command with a mistake. */
export function refuseWith(mistake: Diagnostic): never {
  report([mistake]);
  throw new Error("a refusal that is no error");
}

/** Ends a command that was used in a wrong way. */
export function refuseUse(message: string): never {
  printError(message);
  throw new Exit(exitCodes.usage);
}

/** `--source` says which of the spec's data files a file of `--data` is like. */
export function refuseLoneSource({
  data,
  source,
}: {
  readonly data?: string;
  readonly source?: string;
}): void {
  if (source !== undefined && data === undefined)
    refuseUse("`--source` says which of several data files the one of `--data` is like: name that as well.");
}
