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
