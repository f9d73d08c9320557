import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command. */
export const main = fileURLToPath(new URL("../../dist/bin/nnc.js", import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Makes the command interrupt itself as soon as it has written something: a signal from outside would come at another moment on
 * a busy machine, or after the end.
 */
function interrupting(text: RegExp): string {
  const script = `
    const write = process.stdout.write.bind(process.stdout);
    let interrupted = false;
    process.stdout.write = (chunk, ...rest) => {
      const written = write(chunk, ...rest);
      if (!interrupted && ${text}.test(String(chunk))) interrupted = process.emit("SIGINT");
      return written;
    };`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/**
 * Runs the built command, as a user does. `interruptAt` interrupts it where it writes such a text; `killAfter` sends a signal
 * once such a text has come, which is for what goes on until it is stopped.
 */
export function nnc(
  args: readonly string[],
  options: { cwd?: string; interruptAt?: RegExp; killAfter?: RegExp } = {},
): Promise<Outcome> {
  const hook = options.interruptAt ? ["--import", interrupting(options.interruptAt)] : [];
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [...hook, main, ...args],
      {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...process.env, NO_COLOR: "1" },
        maxBuffer: 1 << 26,
      },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    if (!options.killAfter) return;
    let seen = "";
    let killed = false;
    child.stdout?.on("data", (chunk: string) => {
      seen += chunk;
      if (!killed && options.killAfter!.test(seen)) killed = child.kill("SIGINT");
    });
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "nnc-"));
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
