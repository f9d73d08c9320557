import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

const main = fileURLToPath(new URL("../../dist/bin/nnc.js", import.meta.url));

const SPEC = `model Waves {
  input a: float
  task b { output = a |> dense(4, tanh) |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.01)  epochs: 3  batch: 5 }
data { from: "waves.csv"  a = a  b = b  split: { train: 0.8, test: 0.2 } }
`;

function folder(): string {
  const path = temporaryFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}`);
  writeFileSync(join(path, "waves.csv"), ["a,b", ...rows].join("\n"));
  writeFileSync(join(path, "waves.nnspec"), SPEC);
  return path;
}

const left = (cwd: string) => readdirSync(cwd).toSorted();
const files = ["waves.csv", "waves.nnspec", "waves.safetensors"];

/** A training that goes on until it is killed; given back once it has begun. */
function training(cwd: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, "train", "waves.nnspec", "--epochs", "1000000"], { cwd });
  let seen = "";
  return new Promise((begun) => {
    child.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes("epoch 1/")) begun(child);
    });
  });
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await ended;
}

test("one training at a time writes a checkpoint", async () => {
  const cwd = folder();
  const first = await training(cwd);
  const second = await nnc(["train", "waves.nnspec"], { cwd });
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("NN6012");
  expect(second.stderr).toMatch(/\n1 error\n$/);
  expect(second.stderr.match(/error\[/g)).toHaveLength(1);
  expect(second.stderr).toContain(`process ${first.pid} of`);
  await kill(first, "SIGINT");
  expect(left(cwd)).toEqual(files);
  expect((await nnc(["train", "waves.nnspec"], { cwd })).code).toBe(0);
  expect(left(cwd)).toEqual(files);
});

test("what a killed training left behind is taken over and away", async () => {
  const cwd = folder();
  const first = await training(cwd);
  await kill(first, "SIGKILL");
  expect(left(cwd)).toContain("waves.safetensors.lock");
  const mine = ".waves.safetensors.0f8fad5b-d9cb-469f-a165-70867728950e.tmp";
  // Killed while it took a lock over.
  const lock = readFileSync(join(cwd, "waves.safetensors.lock"));
  writeFileSync(join(cwd, "waves.safetensors.lock.7c9e6679-7425-40de-944b-e07fc1f90ae7"), lock);
  const other = ".waves.safetensors.mine.tmp";
  for (const name of [mine, other]) writeFileSync(join(cwd, name), "a part");
  expect((await nnc(["train", "waves.nnspec"], { cwd })).code).toBe(0);
  expect(left(cwd)).toEqual([other, ...files]);
});

test("a lock of a process that has another one's number is stale", async () => {
  const cwd = folder();
  const first = await training(cwd);
  const lock = join(cwd, "waves.safetensors.lock");
  const holder = JSON.parse(readFileSync(lock, "utf8")) as Record<string, unknown>;
  await kill(first, "SIGKILL");
  writeFileSync(lock, JSON.stringify({ ...holder, pid: process.pid }));
  expect((await nnc(["train", "waves.nnspec"], { cwd })).code).toBe(0);
});

test("a stale lock that somebody else takes away at the same moment is nobody's", async () => {
  const cwd = folder();
  await kill(await training(cwd), "SIGKILL");
  const script = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const rename = fs.renameSync;
    fs.renameSync = (from, to) => {
      if (from.endsWith(".lock")) fs.rmSync(from);
      rename(from, to);
    };
    syncBuiltinESMExports();`;
  const hook = `data:text/javascript,${encodeURIComponent(script)}`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", hook, main, "train", "waves.nnspec"], {
    cwd,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(left(cwd)).toEqual(files);
});

test("a lock that cannot be written is not left behind", async () => {
  const cwd = folder();
  // What no file may pass stands for a full disk.
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", 'ulimit -f 0 && exec "$@"', "sh", process.execPath, main, "train", "waves.nnspec"],
    { cwd, encoding: "utf8" },
  );
  expect(status).toBe(1);
  expect(stderr).toContain("error[NN6006]");
  expect(left(cwd)).toEqual(files.slice(0, 2));
});

test("a lock of another host is believed", async () => {
  const cwd = folder();
  const lock = join(cwd, "waves.safetensors.lock");
  writeFileSync(lock, JSON.stringify({ host: "elsewhere", pid: 1, started: "then" }));
  const { code, stderr } = await nnc(["train", "waves.nnspec"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("is being written by process 1 of elsewhere");
  expect(stderr).toContain("delete waves.safetensors.lock");
  expect(existsSync(lock)).toBe(true);
});

test("another model's checkpoint is overwritten only by force", async () => {
  const cwd = folder();
  await nnc(["train", "waves.nnspec"], { cwd });
  const before = readFileSync(join(cwd, "waves.safetensors"));
  writeFileSync(join(cwd, "waves.nnspec"), SPEC.replace("dense(4, tanh)", "dense(5, tanh)"));
  const { code, stderr } = await nnc(["train", "waves.nnspec"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "waves.safetensors would be overwritten, and the checkpoint belongs to another model, or to another version of this one.",
  );
  expect(stderr).toContain("`--force` overwrites it");
  expect(readFileSync(join(cwd, "waves.safetensors"))).toEqual(before);
  expect((await nnc(["train", "waves.nnspec", "--force"], { cwd })).code).toBe(0);
  expect((await nnc(["train", "waves.nnspec", "--epochs", "1"], { cwd })).code).toBe(0);
});

test("a file that is no checkpoint is not overwritten either", async () => {
  const cwd = folder();
  const { code, stderr } = await nnc(["train", "waves.nnspec", "-o", "waves.csv"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("waves.csv would be overwritten, and it is no checkpoint of nnspec.");
  expect(readFileSync(join(cwd, "waves.csv"), "utf8")).toMatch(/^a,b\n/);
});

test("a training that diverges ends with exit code 1, and leaves the checkpoint that was there", async () => {
  const cwd = folder();
  expect((await nnc(["train", "waves.nnspec"], { cwd })).code).toBe(0);
  const before = readFileSync(join(cwd, "waves.safetensors"));
  writeFileSync(join(cwd, "waves.nnspec"), SPEC.replace("lr: 0.01", "lr: 1e15"));
  const { code, stderr } = await nnc(["train", "waves.nnspec"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("NN5035");
  expect(stderr).toMatch(
    /The loss of `b` is no finite number in step \d: the training has diverged, and the model has the weights that it began with; no checkpoint was written\./,
  );
  expect(stderr).toContain("A smaller learning rate");
  expect(readFileSync(join(cwd, "waves.safetensors"))).toEqual(before);
  expect(left(cwd)).toEqual(files);
});

test("one that diverges later keeps the weights of the last good epoch", async () => {
  const cwd = folder();
  writeFileSync(join(cwd, "waves.nnspec"), SPEC.replace("lr: 0.01)  epochs: 3", "lr: 3)  epochs: 300"));
  const { code, stdout, stderr } = await nnc(["train", "waves.nnspec", "--json"], { cwd });
  expect(code).toBe(1);
  const ending = jsonLines(stdout).at(-1);
  expect(ending).toMatchObject({
    event: "end",
    stopped: "diverged",
    task: "b",
    checkpoint: "waves.safetensors",
  });
  expect(stderr).toMatch(/the weights are those of epoch \d+; waves\.safetensors has them\./);
  expect((await nnc(["evaluate", "waves.nnspec"], { cwd })).code).toBe(0);
});
