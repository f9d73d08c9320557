import { beforeAll, describe, expect, test } from "vitest";
import { compile, InputError, type Model } from "../../src/index.js";
import { startTfjs } from "../../src/runtime/tfjs/index.js";
import { compiled, numbers, rows } from "../helpers.js";

const SPEC = `model M {
  input x: float[3]
  input kind: category("a", "b")
  h = concat(x, kind |> one_hot) |> dense(6, tanh) |> batch_norm |> dropout(0.1)
  task size { output = h |> dense(1)  label: float?  loss: mse  metrics: [mae, r2] }
  task good { output = h |> dense(1)  label: binary("no", "yes")  loss: binary_crossentropy  metrics: [accuracy] }
  task part { output = h |> dense(3)  label: category(3)  loss: categorical_crossentropy  metrics: [accuracy]  class_weights: balanced }
}
train { optimizer: adam(lr: 0.01)  epochs: 3  batch: 8  clip: global_norm(1) }
data {
  from: "none.csv"
  x = [c1, c2, "c 3"] |> impute(mean) |> standardize
  kind = kind
  size = size |> log |> standardize
  good = good
  part = part
}`;

const COUNT = 40;
const data = {
  inputs: { x: rows(COUNT, 3, 1), kind: numbers(COUNT, 2).map((n) => (n < 0 ? "a" : "b")) },
  labels: {
    size: numbers(COUNT, 3).map((n, i) => (i % 4 === 0 ? null : Math.exp(5 + n))),
    good: numbers(COUNT, 4).map((n) => (n < 0 ? "no" : "yes")),
    part: numbers(COUNT, 5).map((n) => Math.floor((n + 1) * 1.49)),
  },
};

const start = (text = SPEC, engine: "tfjs" | "reference" = "reference", options = {}): Promise<Model> =>
  compiled(text).create({ engine, ...options });

describe("what a caller may get wrong", () => {
  let model: Model;
  beforeAll(async () => {
    model = await start();
  });
  const fit = (inputs: object, labels: object = {}) =>
    model.fit({ inputs: { ...data.inputs, ...inputs }, labels: { ...data.labels, ...labels } });
  test.each([
    ["a name too many", { y: [1] }, {}, "inputs.y: the model has no such input; it has x, kind."],
    ["a wrong length", { x: rows(39, 3) }, {}, "kind has 40 rows, but x has 39."],
    [
      "a wrong width",
      { x: rows(COUNT, 2).map((r) => [...r, 1, 1]) },
      {},
      "inputs.x, row 0: the shape [3] is expected, and [4] was found.",
    ],
    [
      "an unknown class",
      { kind: Array(COUNT).fill("c") },
      {},
      'inputs.kind, row 0: there is no class "c"; known are "a", "b".',
    ],
    [
      "a class index too large",
      {},
      { part: Array(COUNT).fill(3) },
      "labels.part, row 0: 3 is not a class from 0 to 2.",
    ],
    [
      "a text where numbers are wanted",
      { x: Array(COUNT * 3).fill("1") },
      {},
      'inputs.x, row 0: "1" is not a number.',
    ],
    [
      "a missing label without `?`",
      {},
      { good: Array(COUNT).fill(null) },
      "labels.good, row 0: the label is missing; declare it with `?` to allow that.",
    ],
    [
      "a missing category",
      { kind: Array(COUNT).fill(null) },
      {},
      "inputs.kind, row 0: a value is missing, and an input must have all of them.",
    ],
    ["a value that a transform cannot take", {}, { size: Array(COUNT).fill(-1) }, /^size .*row 0/],
  ])("%s", async (_, inputs, labels, message) => {
    await expect(fit(inputs, labels)).rejects.toThrow(InputError);
    await expect(fit(inputs, labels)).rejects.toThrow(message);
  });
  test("a forgotten task, rows, checkpoints and weights", async () => {
    const { good: _, ...rest } = data.labels;
    await expect(model.fit({ inputs: data.inputs, labels: rest })).rejects.toThrow("labels.good is missing.");
    await expect(model.predict(data.inputs)).rejects.toThrow("the transforms of x are not fitted yet");
    await expect(model.load(new Uint8Array(30))).rejects.toThrow(InputError);
    await expect(model.predictOne({ c1: 1, d: 2 })).rejects.toThrow('the row\'s "d" is unknown');
    await expect(model.setWeight("h.dense.kernel", [1])).rejects.toThrow(
      "h.dense.kernel is [5, 6] and takes 30 numbers, not 1.",
    );
    await expect(model.weight("nowhere")).rejects.toThrow("there is no weight nowhere.");
  });
});

test("predictions come in original units and class names, one row as many", async () => {
  const model = await start();
  await model.fit(data, { epochs: 30 });
  const { size, good, part } = (await model.predict(data.inputs)) as Record<
    string,
    { shape: number[]; values: Float32Array; classes: string[]; probabilities: Float32Array }
  >;
  expect(Math.min(...size!.values)).toBeGreaterThan(10);
  expect(size!.shape).toEqual([COUNT]);
  expect(new Set(good!.classes)).toEqual(new Set(["no", "yes"]));
  expect(part!.shape).toEqual([COUNT, 3]);
  expect(part!.probabilities.subarray(0, 3).reduce((a, p) => a + p, 0)).toBeCloseTo(1, 6);
  const [c1, c2, c3] = data.inputs.x[7]!;
  const byColumn = await model.predictOne({ c1, c2, "c 3": c3, kind: data.inputs.kind[7] });
  expect(byColumn).toEqual(await model.predictOne({ x: data.inputs.x[7], kind: data.inputs.kind[7] }));
  expect(byColumn["size"]).toBeCloseTo(size!.values[7]!, 3);
  expect(byColumn["good"]).toMatchObject({
    class: good!.classes[7],
    probabilities: { no: expect.any(Number), yes: expect.any(Number) },
  });
});

test.each(["reference", "tfjs"] as const)(
  "%s: save and load bring everything back, training included",
  async (engine) => {
    const whole = await start(SPEC, engine);
    await whole.fit(data, { epochs: 2 });
    const file = await whole.save();
    const copy = await start(SPEC, engine, { seed: 99 });
    await copy.load(file);
    expect(await copy.predict(data.inputs)).toEqual(await whole.predict(data.inputs));
    const [a, b] = [
      await whole.fit(data, { epochs: 4, resume: true }),
      await copy.fit(data, { epochs: 4, resume: true }),
    ];
    expect(a.epochs.length).toBe(2);
    expect(b).toEqual(a);
    expect(await copy.save()).toEqual(await whole.save());
    const other = await start(SPEC.replace("dense(6, tanh)", "dense(7, tanh)"), engine);
    await expect(other.load(file)).rejects.toThrow("belongs to another model");
    expect((await other.loadWeights(file)).mismatched).toContain("h.dense.kernel");
    [whole, copy, other].forEach((model) => model.dispose());
  },
);

test("a task without a label in a batch has no loss there, and its head stays as it is", async () => {
  const model = await start(SPEC.replace("batch: 8", "batch: full"));
  const before = (await model.weight("size.dense.kernel")).data;
  const trunk = (await model.weight("h.dense.kernel")).data;
  const result = await model.fit(
    { ...data, labels: { ...data.labels, size: data.labels.size.map(() => null) } },
    { epochs: 1 },
  );
  expect(result.epochs[0]!.losses["size"]).toBeNull();
  expect(result.epochs[0]!.metrics["size"]).toEqual({ mae: null, r2: null });
  expect((await model.weight("size.dense.kernel")).data).toEqual(before);
  expect((await model.weight("h.dense.kernel")).data).not.toEqual(trunk);
});

test("1,000 steps on tfjs leave as many tensors as there were", async () => {
  const tf = await startTfjs();
  const model = await start(SPEC, "tfjs");
  await model.fit(data, { epochs: 2 });
  const before = tf.memory().numTensors;
  const { epochs } = await model.fit(data, { epochs: 200 });
  expect(epochs.at(-1)!.step - epochs[0]!.step + 5).toBe(1000);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

test("a training can be called off, and does not keep others waiting", async () => {
  const model = await start(SPEC, "reference");
  const abort = new AbortController();
  let ticks = 0;
  const timer = setInterval(() => ++ticks > 2 && abort.abort(), 5);
  const result = await model.fit(data, { epochs: 100_000, signal: abort.signal });
  clearInterval(timer);
  expect(result.stopped).toBe("aborted");
  expect(result.epochs.length).toBeLessThan(100_000);
});

test("early stopping puts the best weights back", async () => {
  const model = await start(SPEC.replace("clip:", "stop: early(patience: 3)  clip:"));
  const validation = {
    inputs: data.inputs,
    labels: { ...data.labels, good: data.labels.good.map((g) => (g === "no" ? "yes" : "no")) },
  };
  const result = await model.fit(data, { epochs: 100, validation });
  expect(result.stopped).toBe("early");
  const best = result.epochs[result.bestEpoch! - 1]!.validation!;
  expect((await model.evaluate(validation)).loss).toBe(best.loss);
  expect(Math.min(...result.epochs.map((e) => e.validation!.loss))).toBe(best.loss);
});

test("a spec with errors cannot be started", async () => {
  await expect(compile("model M { }").create()).rejects.toThrow("NN4005");
});

test("labels and inputs with dimensions: one row, nested or flat, and null for a row of labels", async () => {
  const text = `model M {
  input image: float[2, 2, 1]
  weight w: float[4, 6]
  task tags { output = dot(image |> flatten, w) |> reshape([2, 3]) |> softmax  label: category("u", "v", "w")[2]?  loss: categorical_crossentropy }
  task bits { output = image |> flatten |> dense(2, sigmoid)  label: binary[2]  loss: binary_crossentropy }
}`;
  const model = await start(text);
  const image = Array.from({ length: 4 }, (_, i) => [
    [[i], [1]],
    [[2], [-i]],
  ]);
  const tags = [["u", "v"], null, ["w", "w"], ["v", "u"]];
  await model.fit(
    {
      inputs: { image },
      labels: {
        tags,
        bits: [
          [0, 1],
          [1, 1],
          [0, 0],
          [true, false],
        ],
      },
    },
    { epochs: 2 },
  );
  const many = (await model.predict({ image })) as Record<string, { classes: string[] }>;
  const one = (await model.predictOne({ image: image[2] })) as unknown as Record<
    string,
    { class: string; probabilities: object }[]
  >;
  expect(one).toEqual(await model.predictOne({ image: image[2]!.flat(2) }));
  expect(one["tags"]!.map((p) => p.class)).toEqual(many["tags"]!.classes.slice(4, 6));
  expect(one["bits"]!.map((p) => p.class)).toEqual(many["bits"]!.classes.slice(4, 6));
  expect(Object.keys(one["tags"]![0]!.probabilities)).toEqual(["u", "v", "w"]);
  const infinite = image.map((row) => row.map((r) => r.map(() => [Infinity])));
  await expect(model.predict({ image: infinite })).rejects.toThrow(
    "inputs.image, row 0: Infinity is not a finite number.",
  );
});
