import { describe, expect, test } from "vitest";
import { InputError, type FitData, type Model } from "../../src/index.js";
import { compiled, numbers, rows } from "../helpers.js";

const HEAD = `model M {
  input x: float[2]
  input kind: category("a", "b")
  h = [x, kind |> embedding(2)] |> concat |> dense(4, tanh)
  task size { output = h |> dense(1)  label: float?  loss: mse }
  task sort { output = h |> dense(3)  label: category("u", "v", "w")?  loss: categorical_crossentropy }
}
train { optimizer: sgd(lr: 0.1)  epochs: 3  batch: 4 }`;

const BY_COLUMN = `${HEAD}
data {
  from: "rows.csv"
  x = [left, right]
  kind = kind
  size = weight_g
  sort = sort
}`;

const N = 20;
const x = rows(N, 2);
const kind = numbers(N, 3).map((v) => (v < 0 ? "a" : "b"));
const size = numbers(N, 4).map((v, i) => (i % 3 === 0 ? null : v));
const sort = numbers(N, 5).map((v, i) => (i % 4 === 1 ? null : ["u", "v", "w"][Math.floor((v + 1) * 1.49)]!));
const byName = { inputs: { x, kind }, labels: { size, sort } };

const started = (text: string) => compiled(text).create({ engine: "wasm" });

/** The checkpoint after a training on these rows. */
async function trainedOn(text: string, data: FitData): Promise<Uint8Array> {
  const model = await started(text);
  await model.fit(data);
  await model.partialFit(data);
  const bytes = await model.save();
  model.dispose();
  return bytes;
}

async function messageOf(call: (model: Model) => Promise<unknown>, text = HEAD): Promise<string> {
  const model = await started(text);
  const error: unknown = await call(model).then(
    () => "it was taken",
    (reason: unknown) => reason,
  );
  model.dispose();
  return error instanceof InputError ? error.message : `a defect: ${String(error)}`;
}

describe("rows that come as objects train as those that come by input and task", () => {
  test("by the names of inputs and tasks; what is left out is missing", async () => {
    const records = x.map((_, i) => ({
      x: x[i],
      kind: kind[i],
      ...(size[i] === null ? {} : { size: size[i] }),
      ...(i % 8 === 1 ? {} : { sort: sort[i] }),
    }));
    expect(await trainedOn(HEAD, records)).toEqual(await trainedOn(HEAD, byName));
  });

  test("by the columns of the data section", async () => {
    const records = x.map((row, i) => ({
      left: row[0],
      right: row[1],
      kind: kind[i],
      weight_g: size[i],
      sort: sort[i],
    }));
    expect(await trainedOn(BY_COLUMN, records)).toEqual(await trainedOn(BY_COLUMN, byName));
  });

  test("and are evaluated, validated on and predicted as those", async () => {
    const model = await started(HEAD);
    const records = x.map((_, i) => ({ x: x[i], kind: kind[i], size: size[i], sort: sort[i] }));
    expect(await model.evaluate(records)).toEqual(await model.evaluate(byName));
    expect(await model.predict(records)).toEqual(await model.predict(byName.inputs));
    const { epochs } = await model.fit(byName, { epochs: 1, validation: records });
    expect(epochs[0]!.validation).toEqual(await model.evaluate(byName));
    model.dispose();
  });

  test("each epoch anew", async () => {
    const model = await started(HEAD);
    await model.fit((epoch) => x.slice(epoch).map((row, i) => ({ x: row, kind: kind[i], size: 1 })), {
      epochs: 2,
    });
    expect(model.progress).toEqual({ step: 10, epoch: 2 });
    model.dispose();
  });
});

describe("any batch of labels", () => {
  test.each<[string, FitData]>([
    ["a task without any", { inputs: byName.inputs, labels: { size } }],
    [
      "a task whose labels are all missing",
      { inputs: byName.inputs, labels: { size, sort: sort.map(() => null) } },
    ],
  ])("%s", async (_, data) => {
    const without = { inputs: byName.inputs, labels: { size, sort: sort.map(() => null) } };
    expect(await trainedOn(HEAD, data)).toEqual(await trainedOn(HEAD, without));
    const model = await started(HEAD);
    const { losses } = await model.partialFit(data);
    expect(losses).toEqual({ size: expect.any(Number), sort: null });
    model.dispose();
  });

  test.each<[string, FitData]>([
    ["no labels", { inputs: byName.inputs }],
    ["labels of no task", { inputs: byName.inputs, labels: {} }],
    ["records without labels", x.map((row, i) => ({ x: row, kind: kind[i] }))],
  ])("%s: every loss is null, and the weights stay", async (_, data) => {
    const model = await started(HEAD);
    const before = await model.weight(Object.keys(model.descriptor.weights)[0]!);
    const { losses } = await model.partialFit(data);
    expect(losses).toEqual({ size: null, sort: null });
    expect(await model.weight(Object.keys(model.descriptor.weights)[0]!)).toEqual(before);
    expect((await model.evaluate(data)).losses).toEqual({ size: null, sort: null });
    model.dispose();
  });

  test("a label that every row must have is missed by its name", async () => {
    const needed = HEAD.replace("float?", "float");
    const message = (data: FitData) => messageOf((model) => model.fit(data), needed);
    expect(await message({ inputs: byName.inputs, labels: { sort } })).toBe("labels.size is missing.");
    expect(await message([{ x: [1, 2], kind: "a", sort: "u" }])).toBe(
      "labels.size, row 0: the label is missing; declare it with `?` to allow that.",
    );
  });
});

describe("what a row says beside its values", () => {
  const WEIGHED = `model W {
  input x: float
  task t { output = x |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.1)  epochs: 2  batch: 4 }
data { from: "rows.csv"  x = x  t = t  row_weight: w }`;

  test("its weight", async () => {
    const values = numbers(8, 6);
    const weights = values.map((_, i) => i % 3);
    const records = values.map((v, i) => ({ x: v, t: 2 * v, rowWeight: weights[i] }));
    const columns = { inputs: { x: values }, labels: { t: values.map((v) => 2 * v) }, rowWeight: weights };
    expect(await trainedOn(WEIGHED, records)).toEqual(await trainedOn(WEIGHED, columns));
  });
});

test("one column of a label with several is one element of it", async () => {
  const pairs = HEAD.replace("dense(1)  label: float?", "dense(2)  label: float[2]?");
  const text = `${pairs}
data { from: "rows.csv"  x = [left, right]  kind = kind  size = [first, second]  sort = sort }`;
  const row = { left: 1, right: 2, kind: "a", first: 3 };
  const model = await started(text);
  const { losses } = await model.evaluate([row]);
  expect(losses["size"]).toEqual(expect.any(Number));
  expect(await model.evaluate([{ ...row, second: null }])).toMatchObject({ losses });
  model.dispose();
});

test("a misspelled part of rows is refused", async () => {
  const data = { ...byName, label: {} };
  expect(await messageOf((model) => model.fit(data))).toBe(
    `the rows' "label" is unknown; there is inputs, labels, rowWeight, rowWeights, source.`,
  );
});

test("weights of a row that are none are refused", async () => {
  const weighed = `${HEAD}
data { from: "rows.csv"  x = [left, right]  kind = kind  size = s  sort = t  row_weight size: w }`;
  const row = { x: [1, 2], kind: "a", size: 1, rowWeights: 3 };
  expect(await messageOf((model) => model.fit([row]), weighed)).toBe(
    "the row's rowWeights is an object with a weight by task, not 3.",
  );
});

describe("a row that is none is told by its number", () => {
  test.each<[string, unknown, string]>([
    ["no object", [{ x: [1, 2], kind: "a" }, 5], "row 1 is an object with a value for each input, not 5."],
    ["a list", [[1, 2]], "the row is an object with a value for each input, not a list."],
    ["an unknown name", [{ x: [1, 2], kind: "a", siez: 1 }], `the row's "siez" is unknown; there is`],
    ["an input too few", [{ x: [1, 2], kind: "a" }, { x: [1, 2] }], "row 1 lacks kind."],
    [
      "a number for two",
      [
        { x: 1, kind: "a" },
        { x: 2, kind: "a" },
      ],
      "inputs.x, row 0: the shape [2] is expected",
    ],
    ["a class that is none", [{ x: [1, 2], kind: "c" }], 'inputs.kind, row 0: there is no class "c"'],
    ["no rows", [], "there is no row to train on."],
  ])("%s", async (_, records, words) => {
    // A caller without types gives anything.
    expect(await messageOf((model) => model.fit(records as FitData))).toContain(words);
  });
});
