import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main, nnc, temporaryFolder } from "./run.js";

const SPEC = `model M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }
data { from: "d.csv"  x = [a, b]  t = c }`;

function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), SPEC);
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 3},${i % 2}`);
  writeFileSync(join(cwd, "d.csv"), ["a,b,c", ...rows].join("\n"));
  return cwd;
}

test.each([
  ["a folder that is not there", [], "new/deep", "new/deep/m.ts"],
  ["a file", [], "named.ts", "named.ts"],
  ["a file of another kind of module", ["--standalone"], "named.mjs", "named.mjs"],
  ["a document in a folder", ["--target", "json"], "docs", "docs/m.json"],
  ["a document in a file", ["--target", "json"], "doc.json", "doc.json"],
  ["a program in a folder", ["--target", "program"], "programs/", "programs/m.program.txt"],
  ["a plan in a file", ["--target", "plan"], "m.plan", "m.plan"],
])("-o is a file where it has an extension, else a folder: %s", async (_, args, out, written) => {
  const cwd = folder();
  const { code, stdout } = await nnc(["compile", "m.nnspec", ...args, "-o", out], { cwd });
  expect([code, stdout.split("\n")[0]]).toEqual([0, `wrote ${written}`]);
  expect(readFileSync(join(cwd, written), "utf8").length).toBeGreaterThan(100);
});

test("-o - is standard output", async () => {
  const cwd = folder();
  const compiled = (...args: string[]) => nnc(["compile", "m.nnspec", ...args], { cwd });
  expect((await compiled("-o", "-")).stdout).toContain("export async function createModel");
  expect((await compiled("--target", "json", "-o", "-")).stdout).toBe(
    (await compiled("--target", "json")).stdout,
  );
  await nnc(["train", "m.nnspec"], { cwd });
  const predicted = await nnc(["predict", "m.nnspec", "-o", "-"], { cwd });
  expect(predicted.stdout.split("\n")[0]).toBe("row,t");
  expect(existsSync(join(cwd, "-"))).toBe(false);
});

test.each([
  [["-o", "d.csv"], "d.csv: a module of target `wasm` is a `.ts` file."],
  [["--standalone", "-o", "m.ts"], "m.ts: a module of target `wasm` is a `.js` file."],
  [
    ["--target", "tfjs-graph", "-o", "m.json"],
    "m.json: a GraphModel is several files, which lie in a folder.",
  ],
  [["--target", "tfjs-graph", "-o", "-"], "-: a GraphModel is several files, which lie in a folder."],
])("nothing is written where a target cannot be: %s", async (args, message) => {
  const cwd = folder();
  const before = readFileSync(join(cwd, "d.csv"), "utf8");
  const { code, stderr } = await nnc(["compile", "m.nnspec", ...args], { cwd });
  expect([code, stderr.split("\n")[0]]).toEqual([1, `error[NN6006]: ${message}`]);
  expect(readFileSync(join(cwd, "d.csv"), "utf8")).toBe(before);
});

test("a checkpoint is a file", async () => {
  const cwd = folder();
  const { code, stderr } = await nnc(["train", "m.nnspec", "-o", "-"], { cwd });
  expect([code, stderr.split("\n")[0]]).toEqual([
    1,
    "error[NN6006]: -: a checkpoint is a file, and no output.",
  ]);
  expect(existsSync(join(cwd, "-"))).toBe(false);
});

test("links and pipes stay what they are", async () => {
  const cwd = folder();
  writeFileSync(join(cwd, "real.ts"), "");
  symlinkSync("real.ts", join(cwd, "link.ts"));
  expect((await nnc(["compile", "m.nnspec", "-o", "link.ts"], { cwd })).code).toBe(0);
  expect(lstatSync(join(cwd, "link.ts")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(cwd, "real.ts"), "utf8")).toContain("createModel");

  execFileSync("mkfifo", [join(cwd, "pipe")]);
  const command = `"${process.execPath}" "${main}" compile m.nnspec --target json -o pipe`;
  execFileSync("sh", ["-c", `cat pipe > read & ${command}; wait`], { cwd });
  expect(lstatSync(join(cwd, "pipe")).isFIFO()).toBe(true);
  expect(JSON.parse(readFileSync(join(cwd, "read"), "utf8"))).toMatchObject({ name: "M" });
});

test.each([
  ["predict", "m.nnspec"],
  ["predict", "d.csv"],
  ["predict", "m.safetensors"],
  ["compile", "m.json"],
])("%s does not write over %s, which it reads", async (command, file) => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "m.nnspec"),
    `model M { input x: float  task t { output = x |> dense(1)  label: float  loss: mse } }
train { epochs: 1 }
data { from: "d.csv"  x = x  t = t  split: { train: 1 } }`,
  );
  writeFileSync(join(cwd, "d.csv"), "x,t\n1,2\n2,3\n");
  await nnc(["train", "m.nnspec"], { cwd });
  await nnc(["compile", "m.nnspec", "--target", "json", "-o", "m.json"], { cwd });
  const before = readFileSync(join(cwd, file));
  const args = command === "compile" ? ["compile", "m.json", "--target", "plan"] : [command, "m.nnspec"];
  const { code, stderr } = await nnc([...args, "-o", file], { cwd });
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("the command reads this file, and would lose it"),
  ]);
  expect(readFileSync(join(cwd, file))).toEqual(before);
});
