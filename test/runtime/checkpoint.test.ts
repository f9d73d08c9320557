import { describe, expect, test } from "vitest";
import { InputError } from "../../src/index.js";
import { readSafetensors, writeSafetensors } from "../../src/runtime/safetensors/index.js";
import { compiled, numbers, rows } from "../helpers.js";
import { resealed } from "../sealing.js";

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
  const bytes = await (await fitted()).save();
  return resealed(bytes, ({ metadata }) => ({ metadata: { ...metadata, ...texts } }));
}

describe("a checkpoint whose texts are something else is refused by the name of the text", () => {
  test.each([
    ["progress", "[1, 2]"],
    ["progress", "null"],
    ["progress", '{ "step": "many" }'],
    ["progress", '{ "step": 1, "epoch": 1, "wait": 0, "partial": { "rows": 2 } }'],
    ["transforms", '{ "x": [null] }'],
    ["transforms", '{ "x": [{ "name": "standardize", "options": {}, "state": { "mean": "0" } }] }'],
    ["progress", '{ "step": 1e999 }'],
    ["transforms", '{ "x": [{ "name": "twist", "options": {}, "state": {} }] }'],
    [
      "transforms",
      '{ "x": [{ "name": "standardize", "options": {}, "state": { "center": [0], "scale": [1] } }] }',
    ],
    [
      "transforms",
      '{ "x": [{ "name": "standardize", "options": {}, "state": { "center": [0, null], "scale": [1, 1] } }] }',
    ],
    ["transforms", "{}"],
    ["notes", "null"],
    ["notes", '{ "split": 3 }'],
    ["seed", ""],
    ["seed", "0x10"],
    ["seed", "4294967296"],
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
  ["step", null],
  ["step", -1],
  ["epoch", 0.5],
  ["wait", "2"],
  ["stopped", null],
  ["start", undefined],
  ["rate", { step: 1, epoch: 1 }],
  ["references", { "validation.t.loss": 0 }],
  ["best", { value: null, at: 1 }],
  ["best", undefined],
  ["partial", undefined],
  ["later", 1],
])("a checkpoint whose progress has a %s of %j is refused", async (key, value) => {
  const bytes = resealed(await (await fitted()).save(), ({ metadata }) => {
    const progress = JSON.parse(metadata["progress"] ?? "") as Record<string, unknown>;
    return { metadata: { ...metadata, progress: JSON.stringify({ ...progress, [key]: value }) } };
  });
  expect(await refusal(bytes)).toBe("the checkpoint's progress cannot be read.");
});

test("what training goes on from is not dropped", async () => {
  const bytes = await (await fitted()).save();
  const without = (key: string) =>
    resealed(bytes, ({ metadata }) => {
      const progress = JSON.parse(metadata["progress"] ?? "") as Record<string, unknown>;
      return { metadata: { ...metadata, progress: JSON.stringify({ ...progress, [key]: null }) } };
    });
  expect(await refusal(without("best"))).toBe(
    "the checkpoint holds last/t.dense.bias, last/t.dense.kernel, which the model has not.",
  );
  const unfitted = resealed(bytes, ({ metadata }) => ({ metadata: { ...metadata, transforms: "null" } }));
  expect(await refusal(unfitted)).toBe("the checkpoint has steps of training, and no fitted transforms.");
});

test("a weight that 32 bits cannot hold is refused where the model has 32", async () => {
  const wide = resealed(await (await fitted()).save(), ({ tensors }) => ({
    tensors: { ...tensors, "t.dense.bias": { dtype: "float", shape: [1], data: Float64Array.of(1e300) } },
  }));
  expect(await refusal(wide)).toBe(
    "the checkpoint's t.dense.bias is 1e+300 at 0, which is beyond what 32 bits hold.",
  );
  const model = await compiled(SPEC).create({ engine: "reference" });
  await model.load(wide);
  expect([...(await model.weight("t.dense.bias")).data]).toEqual([1e300]);
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
  const saved = await (await fitted()).save();
  const bytes = resealed(saved, ({ tensors }) => ({ tensors: { ...tensors, "t.dense.kernel": tensor } }));
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

/** Loads a changed checkpoint into a model that has learned something else, which must then be as it was. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const model = await compiled(SPEC).create({ engine: "wasm", seed: 3 });
  await model.fit(data, { epochs: 1 });
  const before = await model.save();
  const told = await model.load(bytes).then(
    () => "it was loaded",
    (error: unknown) => (error instanceof InputError ? error.message : `a defect: ${String(error)}`),
  );
  expect(await model.save()).toEqual(before);
  return told;
}

function without(name: string) {
  return ({ tensors }: ReturnType<typeof readSafetensors>) => ({
    tensors: Object.fromEntries(Object.entries(tensors).filter(([other]) => other !== name)),
  });
}

test("every bit of a checkpoint counts", async () => {
  const bytes = await (await fitted()).save();
  const model = await compiled(SPEC).create({ engine: "reference" });
  for (let bit = 0; bit < bytes.length * 8; bit += 37) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    await expect(model.load(flipped), `bit ${bit}`).rejects.toThrow(InputError);
    await expect(model.loadWeights(flipped), `bit ${bit}`).rejects.toThrow(InputError);
  }
});

test("a digest that is missing, or of another file, is no digest", async () => {
  const bytes = await (await fitted()).save();
  const { tensors, metadata } = readSafetensors(bytes);
  const { sha256: _, ...others } = metadata;
  const damaged = /the checkpoint is damaged, or was changed by hand/;
  expect(await refusal(writeSafetensors(tensors, others))).toMatch(damaged);
  expect(await refusal(writeSafetensors(tensors, { ...metadata, sha256: "0".repeat(64) }))).toMatch(damaged);
  expect(await refusal(writeSafetensors(tensors, { ...metadata, seed: "5" }))).toMatch(damaged);
});

test("a checkpoint that lacks a weight is refused by its name", async () => {
  const bytes = await (await fitted()).save();
  expect(await refusal(resealed(bytes, without("t.dense.kernel")))).toBe(
    "the checkpoint lacks t.dense.kernel.",
  );
  const renamed = resealed(bytes, (content) => ({
    tensors: { ...without("t.dense.kernel")(content).tensors, zz: content.tensors["t.dense.kernel"]! },
  }));
  expect(await refusal(renamed)).toBe(
    "the checkpoint lacks t.dense.kernel and holds zz, which the model has not.",
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("a weight that is %s is refused", async (value) => {
  const bytes = await (await fitted()).save();
  const broken = resealed(bytes, ({ tensors }) => ({
    tensors: {
      ...tensors,
      "t.dense.bias": { dtype: "float", shape: [1], data: Float32Array.of(value) },
    },
  }));
  expect(await refusal(broken)).toBe(
    `the checkpoint's t.dense.bias is ${value} at 0: the training that wrote it had diverged.`,
  );
});

test("slots of an optimizer may be missing until a training goes on", async () => {
  const adam = compiled(SPEC.replace("train {", "train { optimizer: adam(lr: 0.01) "));
  const model = await adam.create({ engine: "wasm" });
  await model.fit(data, { epochs: 1 });
  const bytes = await model.save();
  const slots = Object.keys(readSafetensors(bytes).tensors).filter((name) => /kernel\/.*m$/.test(name));
  expect(slots).toHaveLength(1);
  const lacking = resealed(bytes, without(slots[0]!));
  const other = await adam.create({ engine: "wasm", seed: 4 });
  await other.fit(data, { epochs: 2 });
  await other.load(lacking);
  expect(await other.predict(data.inputs)).toEqual(await model.predict(data.inputs));
  await expect(other.fit(data, { resume: true, epochs: 2 })).rejects.toThrow(
    `training cannot go on from the checkpoint: it lacks ${slots[0]}, as that of another train section does.`,
  );
  // The slot that is not there begins anew, and not where the training before had left it.
  const fresh = await adam.create({ engine: "wasm" });
  await fresh.load(lacking);
  expect(await other.save()).toEqual(await fresh.save());
  await expect(other.fit(data, { epochs: 1 })).resolves.toBeDefined();
});

test("the weights that training ended with are wanted where it goes on", async () => {
  const model = await fitted();
  const bytes = resealed(await model.save(), without("last/t.dense.kernel"));
  const other = await compiled(SPEC).create({ engine: "reference" });
  await other.load(bytes);
  expect(await other.predict(data.inputs)).toEqual(await model.predict(data.inputs));
  await expect(other.fit(data, { resume: true, epochs: 9 })).rejects.toThrow("it lacks last/t.dense.kernel");
});
