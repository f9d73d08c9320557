import { expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { numbers, rows } from "../helpers.js";
import { error } from "../tensor/numbers.js";
import { MetaRun, type Rows } from "./traces.js";

const MODEL = `model M {
  input x: float[3]
  h = x |> dense(5, tanh)
  task y { output = h |> dense(1)  label: float  loss: mse }
}`;

const specOf = (algorithm: string, settings = "") =>
  `${MODEL}\nmeta { algorithm: ${algorithm}  episode: { support: 6, query: 4 }  optimizer: sgd(lr: 0.1)  ${settings} }`;

const weights = {
  "h.dense.kernel": { shape: [3, 5], data: numbers(15, 2) },
  "h.dense.bias": { shape: [5], data: numbers(5, 3) },
  "y.dense.kernel": { shape: [5, 1], data: numbers(5, 4) },
  "y.dense.bias": { shape: [1], data: numbers(1, 5) },
};

const part = (count: number, seed: number): Rows => ({
  inputs: { x: rows(count, 3, seed) },
  labels: { y: numbers(count, seed + 1) },
});
const episode = { support: part(6, 11), query: part(4, 13) };

async function gradientsOf(algorithm: string, settings = ""): Promise<Record<string, Float64Array>> {
  const run = await MetaRun.start(specOf(algorithm, settings), "reference", weights);
  const found = await run.gradients(0, episode);
  run.dispose();
  return found;
}

function expectSame(found: Record<string, Float64Array>, right: Record<string, Float64Array>): void {
  expect(Object.keys(found).filter((path) => !path.startsWith("rate/"))).toEqual(Object.keys(right));
  for (const path of Object.keys(right))
    expect(error(found[path]!, right[path]!), path).toBeLessThanOrEqual(1e-12);
}

test.each(["true", "false"])(
  "order 1 is the gradient of the query's loss at the adapted weights, which order 2 is not; unroll: %s",
  async (unroll) => {
    const algorithm = (order: number) =>
      `maml(order: ${order}, inner_steps: 3, inner_lr: 0.3, unroll: ${unroll})`;
    const run = await MetaRun.start(specOf(algorithm(1)), "reference", weights);
    const first = await run.gradients(0, episode);
    await run.begin();
    for (let k = 0; k < 3; k++) await run.adapt(k, episode.support);
    const adapted = Object.fromEntries(
      Object.keys(weights).map((path) => {
        const { shape, data } = run.session.read(`adapted/${path}`);
        return [path, { shape, data: Array.from(data) }];
      }),
    );
    run.dispose();
    const there = await MetaRun.start(specOf("maml(inner_lr: 0)"), "reference", adapted);
    expectSame(first, await there.gradients(0, episode));
    there.dispose();
    const second = await gradientsOf(algorithm(2));
    for (const path of Object.keys(weights))
      expect(error(first[path]!, second[path]!), path).toBeGreaterThan(1e-2);
  },
);

test.each([1, 2])("with inner_lr: 0 maml of order %s is training on the query", async (order) => {
  const algorithm = `maml(order: ${order}, inner_steps: 2, inner_lr: 0)`;
  const run = await MetaRun.start(specOf(algorithm), "reference", weights);
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) losses.push(...(await run.metaStep(step, [episode])));
  const train = "train { optimizer: sgd(lr: 0.1)  epochs: 5  batch: full  shuffle: false }";
  const model = await compile(`${MODEL}\n${train}`).create({ engine: "reference" });
  for (const [path, { data }] of Object.entries(weights)) await model.setWeight(path, data);
  const { inputs, labels } = episode.query;
  const { epochs } = await model.fit({ inputs: { x: inputs["x"]!.flat() }, labels });
  // Rows of a model are float32.
  expect(
    error(
      losses,
      epochs.map((e) => e.losses["y"]!),
    ),
  ).toBeLessThanOrEqual(1e-6);
  for (const path of Object.keys(weights))
    expect(error(run.session.read(path).data, (await model.weight(path)).data), path).toBeLessThanOrEqual(
      1e-6,
    );
  model.dispose();
  run.dispose();
});

test.each(["anil", "boil"])("%s with all weights named is maml, wherever they are named", async (name) => {
  const options = "inner_steps: 3, inner_lr: 0.3";
  const right = await gradientsOf(`maml(${options})`);
  expectSame(await gradientsOf(`${name}(${options}, adapt: [h.*, y.*])`), right);
  expectSame(await gradientsOf(`${name}(${options})`, "adapt: [h.*, y.*]"), right);
  const own = await gradientsOf(`${name}(${options})`);
  expect(error(own["h.dense.kernel"]!, right["h.dense.kernel"]!)).toBeGreaterThan(1e-2);
});

test("where all rates are alike meta_sgd, and maml_pp of the last step's loss, is maml", async () => {
  const options = "inner_steps: 3, inner_lr: 0.3";
  const right = await gradientsOf(`maml(${options})`);
  expectSame(await gradientsOf(`meta_sgd(${options})`), right);
  expectSame(await gradientsOf(`maml_pp(${options}, multi_step: 0)`), right);
  const first = await gradientsOf(`maml(${options}, order: 1)`);
  expectSame(await gradientsOf(`meta_sgd(${options}, order: 1)`), first);
  expectSame(await gradientsOf(`maml_pp(${options}, multi_step: 0, first_order: 1)`), first);
});
