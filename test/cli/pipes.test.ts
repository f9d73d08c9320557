import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, main, nnc, temporaryFolder, type Outcome } from "./run.js";

const SPEC = `model M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }
train { epochs: 1 }
data { from: "d.csv"  x = [a, b]  t = y  split: { train: 0.8, test: 0.2 } }`;
const ROWS = "a,b,y\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n";

function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), SPEC);
  writeFileSync(join(cwd, "d.csv"), ROWS);
  return cwd;
}

/** Runs the command with a text on its standard input. */
function fed(args: readonly string[], cwd: string, input: string): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...process.env, NO_COLOR: "1" } });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
    child.on("close", (code) => done({ code: code ?? -1, ...texts }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** A pipe of a name, into which a text is written as often as somebody reads. */
function pipe(cwd: string, name: string, text: string, times = 1): string {
  const path = join(cwd, name);
  execFileSync("mkfifo", [path]);
  const stream = createWriteStream(path);
  // Who reads ends early where there is too much.
  stream.on("error", () => {});
  let left = times;
  const more = () => {
    while (left > 0) if ((left--, !stream.write(text))) return void stream.once("drain", more);
    stream.end();
  };
  more();
  return path;
}

test("- is standard input: a spec, a document, and rows of data", async () => {
  const cwd = folder();
  expect(await fed(["check", "-"], cwd, SPEC)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("-: fine. M has"),
  });
  const wrong = await fed(["check", "-"], cwd, SPEC.replace("dense", "dens"));
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("-:1:")]);
  const { stdout: document } = await nnc(["compile", "m.nnspec", "--target", "json"], { cwd });
  expect(await fed(["check", "-"], cwd, document)).toMatchObject({ code: 0 });
  expect((await nnc(["train", "m.nnspec"], { cwd })).code).toBe(0);
  for (const rows of ["a,b\n1,2\n3,4\n", '[{"a":1,"b":2},{"a":3,"b":4}]', '{"a":1,"b":2}\n{"a":3,"b":4}\n']) {
    const { code, stdout } = await fed(
      ["predict", "m.nnspec", "--data", "-", "--format", "jsonl"],
      cwd,
      rows,
    );
    expect([code, jsonLines(stdout).length]).toEqual([0, 2]);
  }
  // Read once, and shown from what was read.
  const bad = await fed(["predict", "m.nnspec", "--data", "-"], cwd, "a,b\n1,x\n");
  expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining("NN7010")]);
  const both = await fed(["evaluate", "-", "--data", "-", "--checkpoint", "m.safetensors"], cwd, SPEC);
  expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("standard input holds the spec")]);
});

test("pipes are read, by the bytes that come and not by their size", async () => {
  const cwd = folder();
  pipe(cwd, "spec.nnspec", SPEC);
  expect(await nnc(["check", "spec.nnspec"], { cwd })).toMatchObject({ code: 0 });
  expect((await nnc(["train", "m.nnspec"], { cwd })).code).toBe(0);
  pipe(cwd, "rows", "a,b\n1,2\n3,x\n");
  const { code, stderr } = await nnc(["predict", "m.nnspec", "--data", "rows"], { cwd });
  expect([code, stderr]).toEqual([1, expect.stringContaining("NN7010")]);
});

test("what has no end is given up on", async () => {
  const cwd = folder();
  const zeros = "\0".repeat(1 << 20);
  pipe(cwd, "endless.nnspec", zeros, 100);
  const spec = await nnc(["check", "endless.nnspec"], { cwd });
  expect([spec.code, spec.stderr]).toEqual([1, expect.stringContaining("it has more than 64,000,000 bytes")]);
  pipe(cwd, "imported.nnspec", zeros, 100);
  writeFileSync(join(cwd, "n.nnspec"), `import { f } from "imported.nnspec"\n${SPEC}`);
  const imported = await nnc(["check", "n.nnspec"], { cwd });
  expect([imported.code, imported.stderr]).toEqual([
    1,
    expect.stringContaining("it has more than 64,000,000 bytes"),
  ]);
});
