import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import { temporaryFolder, type Outcome } from "./run.js";

const nnc = fileURLToPath(new URL("../../dist/bin/nnc.js", import.meta.url));

function folder(): string {
  const path = temporaryFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}`);
  writeFileSync(join(path, "waves.csv"), ["a,b", ...rows].join("\n"));
  writeFileSync(
    join(path, "waves.nnspec"),
    `model Waves {
  input a: float
  task b { output = a |> dense(4, tanh) |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.01)  epochs: 60  batch: 5 }
data { from: "waves.csv"  a = a  b = b  split: { train: 0.8, test: 0.2 } }
`,
  );
  return path;
}

/** A line of a shell, which pipes and redirects as users do. */
function shell(line: string, cwd: string): Promise<Outcome> {
  const command = `nnc() { "${process.execPath}" "${nnc}" "$@"; }\n${line}`;
  return new Promise((done) => {
    execFile(
      "bash",
      ["-c", command],
      { cwd, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

function progressOf(checkpoint: string): { epoch: number } {
  const { metadata } = readSafetensors(readFileSync(checkpoint));
  return JSON.parse(metadata["progress"] ?? "null") as { epoch: number };
}

test("a training goes on when nobody reads its output any more", async () => {
  const cwd = folder();
  const { code, stdout, stderr } = await shell(
    "nnc train waves.nnspec | head -1; exit ${PIPESTATUS[0]}",
    cwd,
  );
  expect(stdout.split("\n")).toHaveLength(2);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(progressOf(join(cwd, "waves.safetensors")).epoch).toBe(60);
});

test("so does one of which nobody reads the errors either", async () => {
  const cwd = folder();
  const { code } = await shell("nnc train waves.nnspec 2>&1 | true; exit ${PIPESTATUS[0]}", cwd);
  expect(code).toBe(0);
  expect(progressOf(join(cwd, "waves.safetensors")).epoch).toBe(60);
});

test("a command that only prints ends quietly with its reader", async () => {
  const cwd = folder();
  const { code, stderr } = await shell(
    "nnc compile waves.nnspec --target json | true; exit ${PIPESTATUS[0]}",
    cwd,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

/** Trains for very long, and sends a signal once the training has begun. */
function signalled(
  signal: NodeJS.Signals,
  cwd: string,
  by: readonly string[] = [],
): Promise<number | string> {
  const [program = "", ...args] = [
    ...by,
    process.execPath,
    nnc,
    "train",
    "waves.nnspec",
    "--epochs",
    "1000000",
  ];
  const child = spawn(program, args, { cwd });
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const before = seen.includes("rows to train on");
    seen += chunk.toString();
    if (!before && seen.includes("rows to train on")) child.kill(signal);
  });
  return new Promise((done) => {
    child.on("exit", (code, ended) => done(code ?? String(ended)));
  });
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends a training with its checkpoint", async (signal, code) => {
  const cwd = folder();
  expect(await signalled(signal, cwd)).toBe(code);
  expect(existsSync(join(cwd, "waves.safetensors"))).toBe(true);
  expect(progressOf(join(cwd, "waves.safetensors")).epoch).toBeLessThan(1_000_000);
});
