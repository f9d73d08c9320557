import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";

/** Words that every object of JavaScript knows, and those that programs call their own arguments. */
const inherited = ["constructor", "valueOf", "toString", "hasOwnProperty"];
const own = [
  "lr",
  "seed",
  "step",
  "epoch",
  "rows",
  "total_steps",
  "schedule_step",
  "schedule_epoch",
  "row_weight",
];

const rest = "label: float  loss: mse  metrics: [mae]";
const specs: Readonly<Record<string, (name: string) => string>> = {
  model: (name) => `model ${name} { input x: float[2]  task t { output = x |> dense(1)  ${rest} } }`,
  input: (name) => `model M { input ${name}: float[2]  task t { output = ${name} |> dense(1)  ${rest} } }`,
  task: (name) => `model M {
    input x: float[2]
    h = x |> dense(2)
    task ${name} { output = h |> dense(1)  label: float?  loss: mse  metrics: [mae] }
    task u { output = h |> dense(1)  label: float  loss: mse }
  }
  train { balance: gradnorm(on: h.*)  stop: early(monitor: validation.${name}.mae) }`,
  binding: (name) =>
    `model M { input x: float[2]  ${name} = x |> dense(3)  task t { output = ${name} |> dense(1)  ${rest} } }`,
  weight: (name) => `model M {
    input x: float[2]
    weight ${name}: float[2] = ones
    task t { output = (x * ${name}) |> dropout(0.5) |> dense(1)  ${rest} }
  }
  train { accumulate: 2 }`,
  shared: (
    name,
  ) => `model M { input x: float[2]  shared ${name} = dense(2)  task t { output = x |> ${name} |> dense(1)  ${rest} } }
  train { optimizer: sgd  optimizer ${name}.*: adam  freeze ${name}.*: { from: 2 } }`,
  train: (name) =>
    `model M { input x: float[2]  task t { output = x |> dense(1)  ${rest} } } train ${name} { batch: 2 }`,
  class: (name) =>
    `model M { input x: float[2]  task t { output = x |> dense(2, softmax)  label: category("${name}", "other")  loss: categorical_crossentropy } }`,
};

describe.each(Object.entries(specs))("any name will do for a %s", (_, spec) => {
  test.each([...inherited, ...own])("%s", async (name) => {
    const compilation = compile(spec(name));
    expect(compilation.diagnostics).toEqual([]);
    const { inputs, tasks } = compilation.document!;
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ];
    const labels = [1, 0, 1, 0];
    const data = {
      inputs: Object.fromEntries(inputs.map((input) => [input.name, rows])),
      labels: Object.fromEntries(tasks.map((task) => [task.name, labels])),
    };
    const model = await compilation.create({ engine: "reference" });
    const { epochs } = await model.fit(data, { epochs: 2, validation: data });
    expect(Object.keys(epochs[1]!.losses)).toEqual(tasks.map((task) => task.name));
    const predicted = await model.predict(data.inputs);
    const copy = await compilation.create({ engine: "reference", seed: 9 });
    await copy.load(await model.save());
    expect(await copy.predict(data.inputs)).toEqual(predicted);
  });

  test("__proto__ is refused, or is as good as any", () => {
    const { diagnostics } = compile(spec("__proto__"));
    expect(diagnostics.every(({ code }) => code === "NN2029")).toBe(true);
  });
});

test("an episode's programs have names of their own too", async () => {
  for (const name of [...own, "task", "classes", "inner_step"]) {
    const { createMeta } = compile(`model M {
      input x: float[1]
      weight ${name}: float[1] = ones
      task t { output = (x * ${name}) |> dense(2) |> dropout(0.5) |> dense(1)  label: float  loss: mse }
    }
    meta { algorithm: maml  tasks: sinusoids  episode: { support: 2, query: 2 }  steps: 1  dropout: on }`);
    const model = await createMeta({ engine: "reference" });
    expect((await model.metaFit({ steps: 1 })).steps).toBe(1);
  }
});

test("a source without a share has none, whatever its name is", () => {
  const { diagnostics } = compile(`model M {
    input x: float
    task t { output = x |> dense(1)  label: float  loss: mse }
    task u { output = x |> dense(1)  label: float?  loss: mse }
  }
  data {
    from constructor: "a.csv"  from b: "b.csv"
    x = constructor.x  x = b.x  t = b.t  u = constructor.u
    sampler: weighted({ b: 1 })
  }`);
  expect(diagnostics.map(({ code }) => code)).toContain("NN7066");
});
