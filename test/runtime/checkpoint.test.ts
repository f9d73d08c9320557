import { describe, expect, test } from "vitest";
import { InputError } from "../../src/index.js";
import { readSafetensors, writeSafetensors } from "../../src/runtime/safetensors/index.js";
import { compiled, numbers, rows } from "../helpers.js";

const SPEC = `model M {
  input x: float[2]
  task t { output = x |> dense(1)  label: float  loss: mse  metrics: [mae] }
}
train { epochs: 2  batch: 2  stop: early(monitor: [validation.t.loss, validation.t.mae], patience: 9) }
data { from: "a.csv"  x = [a, b] |> standardize  t = t }`;

const data = { inputs: { x: rows(6, 2) }, labels: { t: numbers(6, 7) } };

async function fitted() {
  const model = await compiled(SPEC).create({ engine: "reference" });
  await model.fit(data, { validation: data });
  return model;
}

/** The checkpoint of a fitted model with other texts in it. */
async function changed(texts: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const { tensors, metadata } = readSafetensors(await (await fitted()).save());
  return writeSafetensors(tensors, { ...metadata, ...texts });
}

describe("a checkpoint whose texts are something else is refused by the name of the text", () => {
  test.each([
    ["progress", "[1, 2]"],
    ["progress", "null"],
    ["progress", '{ "step": "many" }'],
    ["progress", '{ "step": 1, "epoch": 1, "wait": 0, "partial": { "rows": 2 } }'],
    ["transforms", '{ "x": [null] }'],
    ["transforms", '{ "x": [{ "name": "standardize", "options": {}, "state": { "mean": "0" } }] }'],
    ["notes", '"text"'],
    ["notes", "{"],
  ])("%s: %s", async (key, text) => {
    const model = await compiled(SPEC).create({ engine: "reference" });
    const loading = model.load(await changed({ [key]: text }));
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(`the checkpoint's ${key} cannot be read.`);
  });
});

test.each([
  [
    "another type",
    { dtype: "int", shape: [2, 1], data: new Int32Array(2) },
    "is int[2, 1], and the model's is float[2, 1]",
  ],
  [
    "another shape",
    { dtype: "float", shape: [1, 2], data: new Float32Array(2) },
    "is float[1, 2], and the model's is float[2, 1]",
  ],
] as const)("a checkpoint with a tensor of %s is refused and changes nothing", async (_, tensor, told) => {
  const { tensors, metadata } = readSafetensors(await (await fitted()).save());
  const bytes = writeSafetensors({ ...tensors, "t.dense.kernel": tensor }, metadata);
  const model = await compiled(SPEC).create({ engine: "wasm" });
  const before = await model.save();
  const loading = model.load(bytes);
  await expect(loading).rejects.toThrow(InputError);
  await expect(loading).rejects.toThrow(`the checkpoint's t.dense.kernel ${told}.`);
  expect(await model.save()).toEqual(before);
  expect(await model.loadWeights(bytes)).toMatchObject({ mismatched: ["t.dense.kernel"] });
});

test("what is read of a checkpoint is written again", async () => {
  const bytes = await (await fitted()).save({ by: "us" });
  const other = await compiled(SPEC).create({ engine: "reference", seed: 5 });
  expect(await other.load(bytes)).toEqual({ by: "us" });
  expect(await other.save({ by: "us" })).toEqual(bytes);
});

test("an interrupted epoch is written as it stands, and read again", async () => {
  const abort = new AbortController();
  const half = await compiled(SPEC).create({ engine: "reference" });
  await half.fit(data, { validation: data, signal: abort.signal, onStep: () => abort.abort() });
  const bytes = await half.save();
  const progress: unknown = JSON.parse(readSafetensors(bytes).metadata["progress"] ?? "null");
  expect(progress).toMatchObject({ partial: { rows: 2, sums: { t: { rows: 2, labelled: 1 } } } });
  const other = await compiled(SPEC).create({ engine: "reference" });
  await other.load(bytes);
  expect(await other.save()).toEqual(bytes);
});
