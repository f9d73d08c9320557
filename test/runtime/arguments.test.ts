import { describe, expect, test } from "vitest";
import { InputError, type MetaModel, type Model } from "../../src/index.js";
import { optionsOf } from "../../src/runtime/arguments.js";
import { compiled, numbers, rows } from "../helpers.js";

const SPEC = `model M {
  input x: float[2]
  task t { output = x |> dense(1)  label: float  loss: mse }
}
train { optimizer: adam(lr: 0.01)  epochs: 2  batch: 4 }`;

const META = `model Waves {
  input x: float
  task wave { output = x |> dense(4, tanh) |> dense(1)  label: float  loss: mse }
}
meta {
  algorithm: maml(inner_steps: 1, inner_lr: 0.05)
  tasks: sinusoids
  episode: { support: 3, query: 3 }
  steps: 2
}`;

const data = { inputs: { x: rows(8, 2) }, labels: { t: numbers(8, 7) } };

/** What a call with these arguments, as JavaScript may give them, is told; the model must then be as it was. */
async function told(call: (model: Model) => unknown): Promise<string> {
  const model = await compiled(SPEC).create({ engine: "wasm" });
  const before = await model.save();
  const message = await Promise.resolve()
    .then(() => call(model))
    .then(
      () => "it was taken",
      (error: unknown) => (error instanceof InputError ? error.message : `a defect: ${String(error)}`),
    );
  expect(await model.save()).toEqual(before);
  model.dispose();
  return message;
}

/** A value as a caller without types gives it. */
function any(value: unknown): never {
  // The tests are of what the types refuse.
  return value as never;
}

const wrong: readonly unknown[] = [
  -1,
  Number.NaN,
  0.5,
  "half",
  null,
  true,
  [],
  {},
  1e300,
  Symbol("s"),
  () => 1,
];

describe("each option of a call is refused by its name where it is of another kind", () => {
  test.each(Object.entries(optionsOf.fit))("fit: %s", async (name, { takes, is }) => {
    for (const value of wrong.filter((each) => !is(each)))
      expect(await told((model) => model.fit(data, any({ [name]: value })))).toMatch(
        `fit: \`${name}\` is ${takes}, not `,
      );
  });

  test("partialFit: lr", async () => {
    for (const value of [-1, Number.NaN, "1", null, 1e300])
      expect(await told((model) => model.partialFit(data, any({ lr: value })))).toMatch(
        "partialFit: `lr` is a number of at least 0, not ",
      );
  });
});

test("an option that there is not is refused, with those that there are", async () => {
  expect(await told((model) => model.fit(data, any({ epoch: 1, callbacks: [] })))).toBe(
    "fit has no option `epoch`; it has epochs, batch, rows, signal, onStep, onEpochEnd, resume, refit, validation.",
  );
  expect(await told((model) => model.partialFit(data, any({ learning_rate: 1 })))).toBe(
    "partialFit has no option `learning_rate`; it has lr.",
  );
});

test.each([null, 5, "epochs", [1]])("options that are %j are refused", async (options) => {
  expect(await told((model) => model.fit(data, any(options)))).toMatch(
    /^the options of fit are an object with some of epochs, .*, not /,
  );
});

test("options that are left out by being undefined are left out", async () => {
  const model = await compiled(SPEC).create({ engine: "wasm" });
  const { epochs } = await model.fit(data, any({ epochs: undefined, batch: undefined }));
  expect(epochs).toHaveLength(2);
});

describe("what else a call takes", () => {
  test.each<[string, (model: Model) => unknown, string]>([
    ["fit without data", (model) => model.fit(any(undefined)), "data is missing: rows are given as"],
    [
      "predictOne(null)",
      (model) => model.predictOne(any(null)),
      "the row is an object with a value for each input, not null",
    ],
    [
      "predictOne of a list",
      (model) => model.predictOne(any([1])),
      "the row is an object with a value for each input, not a list",
    ],
    ["load of a text", (model) => model.load(any("a.safetensors")), "load takes the bytes of a checkpoint"],
    ["load of nothing", (model) => model.load(any(undefined)), "load takes the bytes of a checkpoint"],
    ["notes that are no texts", (model) => model.save(any({ by: 5 })), "save takes notes that are texts"],
    [
      "a weight of numbers as texts",
      (model) => model.setWeight("t.dense.bias", any(["1"])),
      't.dense.bias: "1" at 0 is no number',
    ],
    [
      "a weight that is NaN",
      (model) => model.setWeight("t.dense.bias", [Number.NaN]),
      "t.dense.bias: NaN at 0 is no number",
    ],
    [
      "a weight that is one number",
      (model) => model.setWeight("t.dense.bias", any(1)),
      "t.dense.bias takes a list of numbers, not 1",
    ],
    ["a weight that there is not", (model) => model.weight("nope"), "there is no weight nope"],
    ["a weight by a number", (model) => model.weight(any(5)), "weight: `path` is a string, not 5."],
  ])("%s", async (_, call, words) => {
    expect(await told(call)).toContain(words);
  });

  test.each([-1, 0.5, "1", 2 ** 31, null])("a seed that is %j", async (seed) => {
    await expect(compiled(SPEC).create({ seed: any(seed) })).rejects.toThrow(
      "`seed` is a whole number from 0 to 2147483647, not ",
    );
  });
});

test("a checkpoint may be an ArrayBuffer, also of another realm, or a view of any kind", async () => {
  const model = await compiled(SPEC).create({ engine: "wasm" });
  await model.fit(data, { epochs: 1 });
  const bytes = await model.save({ by: "us" });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const forms = [
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    Buffer.from(bytes),
    new DataView(shifted.buffer, 3),
    structuredClone(bytes.buffer),
  ];
  for (const form of forms) {
    const other = await compiled(SPEC).create({ engine: "wasm", seed: 5 });
    expect(await other.load(any(form))).toEqual({ by: "us" });
    expect(await other.save({ by: "us" })).toEqual(bytes);
  }
});

test("options of meta-learning likewise", async () => {
  const model: MetaModel = await compiled(META).createMeta({ engine: "wasm" });
  const support = { inputs: { x: [1, 2, 3] }, labels: { wave: [1, 2, 3] } };
  const cases: [() => unknown, string][] = [
    [() => model.metaFit(any({ epochs: 1 })), "metaFit has no option `epochs`"],
    [() => model.metaFit(any({ steps: -1 })), "metaFit: `steps` is a whole number of at least 0, not -1."],
    [
      () => model.metaFit(any({ validation: { draw: 5 } })),
      "metaFit's validation: `draw` is a function, not 5.",
    ],
    [
      () => model.metaEvaluate(any({ episodes: 0 })),
      "metaEvaluate: `episodes` is a whole number of at least 1, not 0.",
    ],
    [
      () => model.adapt(support, any({ steps: "1" })),
      'adapt: `steps` is a whole number of at least 0, not "1".',
    ],
  ];
  for (const [call, words] of cases) await expect(Promise.resolve().then(call)).rejects.toThrow(words);
});
