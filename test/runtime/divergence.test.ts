import { describe, expect, test } from "vitest";
import { compiled, numbers, rows } from "../helpers.js";
import { hostsIn } from "./hosts.js";
import type { Model } from "../../src/index.js";

/** A rate that doubles the error in each step, in float32 beyond all bounds. */
const SPEC = `model M {
  input x: float[2]
  task calm { output = x |> dense(1)  label: float  loss: mae }
  task wild { output = x |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 1)  optimizer wild.*: sgd(lr: 9)  epochs: 60  batch: 4 }`;

const data = { inputs: { x: rows(12, 2) }, labels: { calm: numbers(12, 7), wild: numbers(12, 5) } };

const wide = SPEC.replace("epochs: 60", "epochs: 400");

async function weightsOf(model: Model): Promise<number[]> {
  const read = await Promise.all(
    ["calm.dense.kernel", "wild.dense.kernel", "wild.dense.bias"].map((path) => model.weight(path)),
  );
  return read.flatMap(({ data: of }) => [...of]);
}

describe.each(Object.entries(hostsIn("divergence")))("%s", (engine, create) => {
  test("a training ends in the first step whose loss is not finite, with its last finite weights", async () => {
    const model = await create(engine === "reference" ? wide : SPEC);
    const steps: number[] = [];
    const losses: (number | null)[] = [];
    const result = await model.fit(data, {
      onStep: (event) => {
        steps.push(event.step);
        losses.push(event.losses["wild"] ?? null);
      },
    });
    expect(result.stopped).toBe("diverged");
    // The step that was lost is told by the result, and not as one that was made.
    expect(result.divergence).toEqual({ step: steps.length + 1, task: "wild" });
    expect(losses.every((loss) => Number.isFinite(loss))).toBe(true);
    expect(result.epochs.length).toBeGreaterThan(1);
    expect(result.note).toBe(
      `the loss of \`wild\` is no finite number in step ${steps.length + 1}: the training has diverged, and the weights are those of epoch ${result.epochs.length}.`,
    );
    const weights = await weightsOf(model);
    expect(weights.every(Number.isFinite)).toBe(true);
    const same = await create(engine === "reference" ? wide : SPEC);
    await same.fit(data, { epochs: result.epochs.length });
    expect(weights).toEqual(await weightsOf(same));
    // What was saved then can be loaded: no slot, and no statistic, is left infinite.
    const other = await create(engine === "reference" ? wide : SPEC);
    await other.load(await model.save());
    expect(await weightsOf(other)).toEqual(weights);
    for (const each of [model, same, other]) each.dispose();
  });
});

test("with early stopping the weights are the best ones", async () => {
  const model = await compiled(
    SPEC.replace("epochs: 60", "epochs: 60  stop: early(monitor: validation.loss, patience: 90)"),
  ).create({ engine: "wasm", seed: 4 });
  const result = await model.fit(data, { validation: data });
  expect(result.stopped).toBe("diverged");
  expect(result.bestEpoch).toBe(1);
  expect(result.note).toContain("the weights are those of epoch 1.");
  const first = await compiled(SPEC).create({ engine: "wasm", seed: 4 });
  await first.fit(data, { epochs: 1 });
  expect(await weightsOf(model)).toEqual(await weightsOf(first));
});

test("a weight that is not finite is found at the end of its epoch, although every loss was finite", async () => {
  const model = await compiled(`model M {
  input x: float
  task t { output = x |> dense(1, use_bias: false, kernel_initializer: zeros)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 300000000000000000000000000000000000000)  epochs: 1  batch: full }`).create({
    engine: "wasm",
  });
  const result = await model.fit({ inputs: { x: [10, 20] }, labels: { t: [1, 1] } });
  expect(result.divergence).toEqual({ step: 1, weight: "t.dense.kernel" });
  expect(result.epochs).toEqual([]);
  expect(result.note).toContain("the model has the weights that it began with");
  expect([...(await model.weight("t.dense.kernel")).data]).toEqual([0]);
});

test("on_divergence: continue goes on", async () => {
  const model = await compiled(SPEC.replace("epochs: 60", "epochs: 60  on_divergence: continue")).create({
    engine: "wasm",
    seed: 4,
  });
  const result = await model.fit(data);
  expect(result).toMatchObject({ stopped: "finished" });
  expect(result.epochs).toHaveLength(60);
  expect((await weightsOf(model)).every(Number.isFinite)).toBe(false);
});

test("a meta-training ends likewise", async () => {
  const meta = `model Waves {
  input x: float
  task wave { output = x |> dense(8, tanh) |> dense(1)  label: float  loss: mse }
}
meta {
  algorithm: maml(inner_steps: 1, inner_lr: 0.05)
  tasks: sinusoids
  episode: { support: 5, query: 5 }
  tasks_per_step: 2
  steps: 200
  optimizer: sgd(lr: 1000000000000)
}`;
  const model = await compiled(meta).createMeta({ engine: "wasm", seed: 4 });
  const result = await model.metaFit();
  expect(result.divergence?.step).toBeLessThan(20);
  expect(result.steps).toBe(result.divergence?.step);
  const { data: kernel } = await model.weight("wave.dense.kernel");
  expect([...kernel].every(Number.isFinite)).toBe(true);
});
