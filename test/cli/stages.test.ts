import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

/** Sections that differ in all that a section can say, over a model with batch norm, dropout and missing labels. */
const SPEC = `model Staged {
  input x: float[3]
  shared trunk = dense(8, relu) |> batch_norm |> dropout(0.2)
  h = x |> trunk
  task size { output = h |> dense(1)  label: float?  loss: mse  metrics: [mae] }
  task good { output = h |> dense(1, sigmoid)  label: binary("no", "yes")  loss: binary_crossentropy }
}
train plain { epochs: 1 }
train warmup {
  optimizer: adam(lr: cosine(peak: 0.05))
  balance: uncertainty
  epochs: 30
  batch: 16
  seed: 3
  stop: early(patience: 40)
}
train finetune {
  optimizer: sgd(lr: 0.05)
  optimizer size.*: adam
  balance: pcgrad
  clip: global_norm(1)
  freeze trunk.*: { until: 2 }
  accumulate: 2
  epochs: 30
  batch: 8
  seed: 4
}
data { from: "staged.csv"  x = x1..x3 |> standardize  size = size |> standardize  good = good  split: { train: 0.6, validation: 0.2, test: 0.2 } }
`;

function folder(): string {
  const path = temporaryFolder();
  const lines = ["x1,x2,x3,size,good"];
  for (let i = 0; i < 120; i++) {
    const [a, b, c] = [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i + 1)];
    const size = i % 6 === 0 ? "" : (100 + 20 * a - 10 * b).toFixed(2);
    lines.push([a.toFixed(3), b.toFixed(3), c.toFixed(3), size, a + c > 0 ? "yes" : "no"].join(","));
  }
  writeFileSync(join(path, "staged.csv"), lines.join("\n"));
  writeFileSync(join(path, "staged.nnspec"), SPEC);
  return path;
}

const epochsOf = (text: string) => jsonLines(text).filter((e) => e["event"] === "epoch");
const contentOf = (cwd: string, file = "staged.safetensors") =>
  readSafetensors(readFileSync(join(cwd, file)));
const train = (cwd: string, args: readonly string[], interruptAt?: RegExp) =>
  nnc(["train", "staged.nnspec", "--json", "--engine", "reference", ...args], {
    cwd,
    ...(interruptAt ? { interruptAt } : {}),
  });

const BOTH = ["--train", "warmup,finetune"];

test("each section begins with the weights of the one before, and else anew", async () => {
  const cwd = folder();
  const { code, stdout } = await train(cwd, BOTH);
  expect(code).toBe(0);
  const events = epochsOf(stdout);
  expect(events.map(({ train, epoch, epochs }) => [train, epoch, epochs])).toEqual(
    ["warmup", "finetune"].flatMap((name) => Array.from({ length: 30 }, (_, i) => [name, i + 1, 30])),
  );
  expect(jsonLines(stdout).at(-1)).toMatchObject({ event: "end", train: "finetune" });
  const first = await train(cwd, ["--train", "warmup", "-o", "first.safetensors"]);
  const second = await train(cwd, [
    "--train",
    "finetune",
    "--from",
    "first.safetensors",
    "-o",
    "second.safetensors",
  ]);
  expect([...epochsOf(first.stdout), ...epochsOf(second.stdout)]).toEqual(events);
  expect(contentOf(cwd, "second.safetensors").tensors).toEqual(contentOf(cwd).tensors);
});

test.each([
  ["the first section", /"train":"warmup","epoch":4/],
  ["the second section", /"train":"finetune","epoch":4/],
])("interrupted in %s, --resume goes on through the rest, bitwise", async (_, interruptAt) => {
  const [whole, halves] = [folder(), folder()];
  const expected = epochsOf((await train(whole, [...BOTH, "--seed", "7"])).stdout);
  const killed = await train(halves, [...BOTH, "--seed", "7"], interruptAt);
  expect(killed.code).toBe(130);
  const before = epochsOf(killed.stdout);
  // The checkpoint knows the sections; they may be said again.
  const after = epochsOf(
    (await train(halves, interruptAt.source.includes("warmup") ? ["--resume"] : [...BOTH, "--resume"]))
      .stdout,
  );
  expect(before.length).toBeLessThan(expected.length);
  expect([...before, ...after]).toEqual(expected);
  expect(contentOf(halves).tensors).toEqual(contentOf(whole).tensors);
});

test.each(["wasm", "tfjs", "reference"])(
  "%s: a checkpoint serves whichever section is the first",
  async (engine) => {
    const cwd = folder();
    const trained = await nnc(
      ["train", "staged.nnspec", "--train", "finetune", "--json", "--engine", engine],
      { cwd },
    );
    const { code, stdout } = await nnc(["evaluate", "staged.nnspec", "--json", "--engine", engine], { cwd });
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]!["metrics"]).toEqual(jsonLines(trained.stdout).at(-1)!["metrics"]);
  },
);

test("the terminal says which section runs", async () => {
  const cwd = folder();
  const { stdout } = await nnc(["train", "staged.nnspec", "--train", "plain, warmup"], { cwd });
  expect(stdout).toMatch(/\nplain \(1 of 2\)\nepoch 1\/1 .*\nplain finished after 1 epochs/);
  expect(stdout).toMatch(/\nwarmup \(2 of 2\)\n/);
  expect(stdout).toMatch(/\nwarmup finished after 30 epochs .*; the weights are those of epoch \d+\n/);
});

test("what does not go is said, before anything runs", async () => {
  const cwd = folder();
  const unknown = await train(cwd, ["--train", "warmup,finetun"]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("NN5013")]);
  const twice = await train(cwd, ["--train", "warmup,finetune,warmup"]);
  expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining("error[NN5019]")]);
  expect(twice.stderr).toContain("train warmup {");
  const epochs = await train(cwd, [...BOTH, "--epochs", "3"]);
  expect([epochs.code, epochs.stderr]).toEqual([
    2,
    "`--epochs` is for one train section. Give each section its `epochs` in the spec, or run them one by one: `--train warmup --epochs 3`, then `--train finetune --from` the checkpoint.\n",
  ]);
  await train(cwd, ["--train", "plain"]);
  const other = await train(cwd, [...BOTH, "--resume"]);
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("error[NN5020]")]);
  expect(other.stderr).toContain("`--train plain` goes on in it; `--from staged.safetensors` begins another");
});
