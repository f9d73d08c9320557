import { expect, test } from "vitest";
import { compiled } from "../helpers.js";

/** Under mae, far above its label, a bias has the gradient 1: each step shows the rate. */
const SPEC = `model Rates {
  input x: float[1]
  shared trunk = dense(1, kernel_initializer: zeros)
  task species { output = x |> trunk |> dense(1, kernel_initializer: zeros, bias_initializer: constant(100))  label: float  loss: mae }
  task mass { output = x |> trunk |> dense(1, kernel_initializer: zeros, bias_initializer: constant(100))  label: float  loss: mae }
  task rest { output = x |> trunk |> dense(1, kernel_initializer: zeros, bias_initializer: constant(100))  label: float  loss: mae }
}
train {
  optimizer: sgd(lr: 0.25)
  optimizer species.*: sgd(lr: cosine(peak: 1))
  optimizer mass.*: sgd(lr: step(start: 0.5, every: 2, factor: 0.5))
  epochs: 6
  batch: full
}`;

test.each(["wasm", "reference"] as const)(
  "%s: each task's head has a rate and a schedule of its own",
  async (engine) => {
    const model = await compiled(SPEC).create({ engine });
    const tasks = ["species", "mass", "rest"];
    const bias = () =>
      Promise.all(tasks.map(async (task) => (await model.weight(`${task}.dense.bias`)).data[0]!));
    const kept = [await bias()];
    const labels = Object.fromEntries(tasks.map((task) => [task, [0, 0]]));
    await model.fit({ inputs: { x: [1, -1] }, labels }, { onEpochEnd: async () => kept.push(await bias()) });
    model.dispose();
    const rates = [0, 1, 2, 3, 4, 5].map((epoch) => kept[epoch]!.map((b, i) => b - kept[epoch + 1]![i]!));
    rates.forEach((found, epoch) => {
      const right = [(1 + Math.cos((Math.PI * epoch) / 6)) / 2, 0.5 * 0.5 ** Math.floor(epoch / 2), 0.25];
      found.forEach((rate, i) => expect(rate).toBeCloseTo(right[i]!, 4));
    });
  },
);

/** The rates of six epochs of one step each. */
async function ratesOf(lr: string): Promise<number[]> {
  const model = await compiled(`model Rates {
    input x: float[1]
    task y { output = x |> dense(1, kernel_initializer: zeros, bias_initializer: constant(100))  label: float  loss: mae }
  }
  train { optimizer: sgd(lr: ${lr})  epochs: 6  batch: full }`).create({ engine: "reference" });
  const kept = [100];
  const data = { inputs: { x: [1, -1] }, labels: { y: [0, 0] } };
  await model.fit(data, {
    onEpochEnd: async () => {
      kept.push((await model.weight("y.dense.bias")).data[0]!);
    },
  });
  model.dispose();
  return kept.slice(1).map((bias, i) => kept[i]! - bias);
}

// The fall of cosine is that of keras.optimizers.schedules.CosineDecay(0, 4, warmup_target=1, warmup_steps=2) at steps 2
// to 5; its rise is a step ahead of Keras's 0, 0.5.
test.each([
  ["cosine(peak: 1, warmup: 2)", [0.5, 1, 1, 0.853553, 0.5, 0.146447]],
  ["warmup(4, to: 1)", [0.25, 0.5, 0.75, 1, 1, 1]],
  // The training's own epochs: after every two of them, not of those behind the rise.
  ["warmup(3, to: step(start: 1, every: 2, factor: 0.5))", [1 / 3, 2 / 3, 0.5, 0.5, 0.25, 0.25]],
] as const)("%s step by step", async (lr, right) => {
  (await ratesOf(lr)).forEach((rate, i) => expect(rate).toBeCloseTo(right[i]!, 5));
});

test("l1 and l2 act on the weights and are no part of reported losses", async () => {
  const model = await compiled(`model Heavy {
    input x: float[1]
    task y { output = x |> dense(1, use_bias: false, kernel_regularizer: l2(0.25))  label: float  loss: mse }
  }
  train { optimizer: sgd(lr: 1)  epochs: 1  batch: full }`).create({ engine: "reference" });
  model.setWeight("y.dense.kernel", [2]);
  const { epochs } = await model.fit({ inputs: { x: [0] }, labels: { y: [3] } });
  expect(epochs[0]!.loss).toBe(9);
  expect((await model.weight("y.dense.kernel")).data[0]).toBe(2 - 2 * 0.25 * 2);
  model.dispose();
});
