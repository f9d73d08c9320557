import { execFile, execFileSync } from "node:child_process";
import { main } from "./run.js";

/** Whether the system has a program that gives another one a terminal. */
export function hasTerminal(): boolean {
  try {
    execFileSync("script", ["--version"]);
    return true;
  } catch {
    console.log("there is no `script` here: what a terminal is sent is not looked at");
    return false;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** All that `nnc` sends a terminal of so many columns. */
export function inTerminal(
  args: readonly string[],
  { cwd, columns = 80 }: { cwd: string; columns?: number },
): Promise<string> {
  const command = `stty cols ${columns}; ${[process.execPath, main, ...args].map(quoted).join(" ")}`;
  return new Promise((done, fail) => {
    execFile("script", ["-qec", command, "/dev/null"], { cwd, maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error && typeof error.code !== "number") fail(error);
      else done(stdout);
    });
  });
}
