import { describe, expect, test } from "vitest";
import { InputError, type ClassPrediction, type Episode, type MetaModel } from "../../src/index.js";
import { compiled, numbers } from "../helpers.js";
import { error } from "../tensor/numbers.js";
import { MetaRun, type Rows } from "./traces.js";

const specOf = (algorithm: string, { body = "dense(6, tanh)", settings = "" } = {}) => `
model M {
  input x: float[2]
  h = x |> ${body}
  task y { output = h |> dense(ways, softmax)  label: category(ways)  loss: categorical_crossentropy  metrics: [accuracy] }
}
meta {
  algorithm: ${algorithm}
  episode: { ways: 3, support: 2, query: 2 }
  tasks_per_step: 2
  optimizer: adam(lr: 0.01)
  ${settings}
}`;

/** Rows near one of three corners; the classes of the corners change from task to task. */
function corners(uniform: () => number): Episode {
  const shift = Math.floor(uniform() * 3);
  const rows = () => {
    const inputs: number[][] = [];
    const labels: number[] = [];
    for (let i = 0; i < 6; i++) {
      const near = [
        [1, 0],
        [-1, 0],
        [0, 1],
      ][i % 3]!;
      inputs.push(near.map((value) => value + (uniform() - 0.5) / 4));
      labels.push((i + shift) % 3);
    }
    return { inputs: { x: inputs }, labels: { y: labels } };
  };
  return { support: rows(), query: rows() };
}

const METRIC = [
  "protonet(embed: h)",
  "protonet(embed: x, distance: cosine)",
  "matching(embed: h)",
  "relation(embed: h)",
];

/** Class probabilities, row by row. */
async function shares(model: Pick<MetaModel, "predict">, x: number[][]): Promise<number[][]> {
  const { y } = await model.predict({ x });
  const { probabilities } = y as ClassPrediction;
  return x.map((_, row) => [...probabilities.subarray(row * 3, row * 3 + 3)]);
}

describe.each(METRIC)("%s", (algorithm) => {
  test("learns, whatever index a class has in an episode", async () => {
    const model = await compiled(specOf(algorithm)).createMeta({ seed: 2 });
    await model.metaFit({ steps: 150, draw: corners });
    const found = await model.metaEvaluate({ episodes: 30, draw: corners });
    expect(found.metrics["y"]!["accuracy"]!.mean).toBeGreaterThan(0.9);
  });

  test("a class without rows in the support is never predicted", async () => {
    const model = await compiled(specOf(algorithm)).createMeta({ seed: 2 });
    const adapted = await model.adapt({
      inputs: {
        x: [
          [1, 0],
          [-1, 0],
        ],
      },
      labels: { y: [0, 2] },
    });
    for (const [first, second, third] of await shares(
      adapted,
      numbers(8, 5).map((v) => [v, 1 - v]),
    )) {
      expect(second).toBeLessThan(1e-20);
      expect(first! + third!).toBeCloseTo(1, 5);
    }
  });

  test("there are no inner steps to ask for", async () => {
    const model = await compiled(specOf(algorithm)).createMeta();
    const { support } = corners(() => 0.4);
    await expect(model.adapt(support, { steps: 2 })).rejects.toThrow("the algorithm has no inner steps.");
  });
});

test("matching keeps as many rows as an episode has, and says so of more", async () => {
  const model = await compiled(specOf("matching(embed: h)")).createMeta();
  const rows = (count: number) => ({
    inputs: { x: Array.from({ length: count }, (_, i) => [i, 1]) },
    labels: { y: Array.from({ length: count }, (_, i) => i % 3) },
  });
  await expect(model.adapt(rows(7))).rejects.toThrow(
    "a support has at most 6 rows, as in training; this has 7.",
  );
  await expect(model.adapt(rows(7))).rejects.toThrow(InputError);
  await expect(model.adapt(rows(6))).resolves.toBeDefined();
});

test("nearest prototypes of raw rows, by hand", async () => {
  const model = await compiled(specOf("protonet(embed: x)")).createMeta();
  const adapted = await model.adapt({
    inputs: {
      x: [
        [0, 0],
        [2, 0],
        [0, 3],
        [4, 4],
      ],
    },
    labels: { y: [0, 0, 1, 2] },
  });
  // Prototypes (1, 0), (0, 3), (4, 4); squared distances of (1, 1) are 1, 5, 18.
  const total = Math.exp(-1) + Math.exp(-5) + Math.exp(-18);
  const [found] = await shares(adapted, [[1, 1]]);
  [1, 5, 18].forEach((d, k) => expect(found![k]).toBeCloseTo(Math.exp(-d) / total, 5));
});

test("adapted models that predict at the same time do not mix", async () => {
  const model = await compiled(specOf("maml(inner_steps: 5, inner_lr: 0.5)")).createMeta({ seed: 3 });
  const tasks = [0.1, 0.5, 0.9].map((shift) => corners(() => shift));
  const adapted = await Promise.all(tasks.map(({ support }) => model.adapt(support)));
  const x = [
    [1, 0],
    [0, 1],
    [-1, 0],
  ];
  const alone: number[][][] = [];
  for (const each of adapted) alone.push(await shares(each, x));
  const together = await Promise.all([...adapted, ...adapted].map((each) => shares(each, x)));
  expect(together).toEqual([...alone, ...alone]);
  expect(alone[0]).not.toEqual(alone[1]);
});

test("an adapted model adapts further, as if it had gone on", async () => {
  const spec = specOf("maml_pp(inner_steps: 3, inner_lr: 0.3)");
  const model = await compiled(spec).createMeta({ seed: 3 });
  await model.metaFit({ steps: 5, draw: corners });
  const { support } = corners(() => 0.3);
  const x = [
    [1, 0],
    [0, 1],
  ];
  const first = await model.adapt(support, { steps: 2 });
  const before = await shares(first, x);
  const further = await first.adapt(support, { steps: 2 });
  expect(await shares(further, x)).toEqual(await shares(await model.adapt(support, { steps: 4 }), x));
  expect(await shares(first, x)).toEqual(before);
  const other = await first.adapt(corners(() => 0.9).support);
  expect(await shares(other, x)).not.toEqual(before);
  const prototypes = await (await compiled(specOf("protonet(embed: h)")).createMeta()).adapt(support);
  await expect(prototypes.adapt(support)).rejects.toThrow("adapt the model to all rows together");
});

test("the model itself predicts by its own weights, whatever was adapted before", async () => {
  const model = await compiled(specOf("maml(inner_steps: 5, inner_lr: 0.5)")).createMeta({ seed: 3 });
  const { support, query } = corners(() => 0.3);
  const x = [
    [1, 0],
    [0, 1],
  ];
  const before = [await shares(model, x), await model.evaluate(query as never)];
  await model.adapt(support);
  await model.metaEvaluate({ episodes: 2, draw: corners });
  expect([await shares(model, x), await model.evaluate(query as never)]).toEqual(before);
});

describe("batch norm in episodes", () => {
  const normed = (norm: string) =>
    compiled(
      specOf("maml(inner_lr: 0.1)", { body: "dense(6) |> batch_norm |> tanh", settings: `norm: ${norm}` }),
    );

  test("transductive refuses to predict a single row", async () => {
    const model = await normed("transductive").createMeta();
    const adapted = await model.adapt(corners(() => 0.3).support);
    await expect(adapted.predict({ x: [[1, 0]] })).rejects.toThrow(
      "give several rows, or choose `norm: support`",
    );
    await expect(
      adapted.predict({
        x: [
          [1, 0],
          [0, 1],
        ],
      }),
    ).resolves.toBeDefined();
  });

  test.each([
    ["support", true],
    ["running", true],
    ["transductive", false],
  ])("norm: %s; a row's prediction is the same whatever is beside it: %s", async (norm, same) => {
    const model = await normed(norm).createMeta({ seed: 4 });
    await model.metaFit({ steps: 3, draw: corners });
    const adapted = await model.adapt(corners(() => 0.3).support);
    const [first] = await shares(adapted, [
      [1, 0],
      [0, 1],
    ]);
    const [second] = await shares(adapted, [
      [1, 0],
      [9, -5],
    ]);
    expect(error(first!, second!) < 1e-6).toBe(same);
  });
});

describe("dropout: on", () => {
  const settings = "dropout: on";
  const body = "dense(6, tanh) |> dropout(0.5)";
  const maml = (unroll: boolean, inner = "inner_steps: 3, inner_lr: 0.3") =>
    specOf(`maml(${inner}, unroll: ${unroll})`, { body, settings });
  const weights = {
    "h.dense.kernel": { shape: [2, 6], data: numbers(12, 2) },
    "h.dense.bias": { shape: [6], data: numbers(6, 3) },
    "y.dense.kernel": { shape: [6, 3], data: numbers(18, 4) },
    "y.dense.bias": { shape: [3], data: numbers(3, 5) },
  };
  const plain = ({ inputs, labels }: Episode["support"]) => ({ inputs, labels }) as unknown as Rows;
  const { support, query } = corners(() => 0.3);
  const episode = { support: plain(support), query: plain(query) };

  test("every task of a step and every step draw masks of their own, and the same ones again", async () => {
    const run = await MetaRun.start(maml(true), "reference", weights);
    const looks = [
      [0, 0],
      [0, 1],
      [1, 0],
      [0, 0],
    ] as const;
    const losses: number[] = [];
    for (const [step, task] of looks) losses.push(await run.look(step, episode, task));
    run.dispose();
    expect(new Set(losses.slice(0, 3)).size).toBe(3);
    expect(losses[3]).toBe(losses[0]);
  });

  test("a loop draws what unrolled steps do, and the steps' masks differ", async () => {
    const found = await Promise.all(
      [true, false].map(async (unroll) => {
        const run = await MetaRun.start(maml(unroll), "reference", weights);
        const gradients = await run.gradients(0, episode);
        run.dispose();
        return gradients;
      }),
    );
    for (const path of Object.keys(weights))
      expect(error(found[0]![path]!, found[1]![path]!)).toBeLessThan(1e-12);
    // Without movement every step would see the same rows: only the masks tell the steps apart.
    const run = await MetaRun.start(maml(true), "reference", weights);
    await run.begin();
    const moves: number[][] = [];
    for (let k = 0; k < 2; k++) {
      for (const [path, { shape, data }] of Object.entries(weights))
        run.session.write(`adapted/${path}`, { dtype: "float", shape, data: Float64Array.from(data) });
      await run.adapt(k, episode.support);
      moves.push([...run.session.read("adapted/y.dense.kernel").data]);
    }
    run.dispose();
    expect(moves[0]).not.toEqual(moves[1]);
  });

  test("the query is looked at without masks: with no movement it is as with dropout off", async () => {
    const still = "inner_steps: 2, inner_lr: 0";
    const [on, off] = await Promise.all(
      [maml(true, still), maml(true, still).replace(settings, "")].map(async (spec) => {
        const run = await MetaRun.start(spec, "reference", weights);
        const loss = await run.look(0, episode);
        run.dispose();
        return loss;
      }),
    );
    expect(on).toBe(off);
  });
});
