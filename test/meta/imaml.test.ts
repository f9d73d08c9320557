import { expect, test } from "vitest";
import { compiled } from "../helpers.js";

/** One weight w: the loss of a row is (tanh(w·x) − y)². */
const SPEC = (strength: number) => `model Bend {
  input x: float[1]
  task y { output = x |> dense(1, tanh, use_bias: false)  label: float  loss: mse }
}
meta {
  algorithm: imaml(inner_steps: 2, inner_lr: 0.05, strength: ${strength}, cg_steps: 4)
  episode: { support: 1, query: 1 }
  optimizer: sgd(lr: 0.1)
  tasks_per_step: 1
  steps: 1
}`;

const slope = (w: number, y: number) => {
  const t = Math.tanh(w);
  return 2 * (t - y) * (1 - t * t);
};
const bend = (w: number, y: number) => {
  const t = Math.tanh(w);
  return 2 * (1 - t * t) ** 2 - 4 * (t - y) * t * (1 - t * t);
};

test.each(["reference", "wasm", "tfjs"] as const)(
  "%s: the meta-gradient of one weight is g / (1 + H / strength), also where that is below 0",
  async (engine) => {
    const [start, support, query] = [1, -1, 0.2];
    const signs = new Set<number>();
    for (const strength of [0.5, 1, 4]) {
      const model = await compiled(SPEC(strength)).createMeta({ engine, seed: 1 });
      model.setWeight("y.dense.kernel", [start]);
      const row = (label: number) => ({ inputs: { x: [1] }, labels: { y: [label] } });
      await model.metaFit({ steps: 1, draw: () => ({ support: row(support), query: row(query) }) });
      let at = start;
      for (let k = 0; k < 2; k++) at -= 0.05 * (slope(at, support) + strength * (at - start));
      const curvature = 1 + bend(at, support) / strength;
      signs.add(Math.sign(curvature));
      const kernel = await model.weight("y.dense.kernel");
      expect(kernel.data[0]!).toBeCloseTo(start - (0.1 * slope(at, query)) / curvature, 5);
      model.dispose();
    }
    expect(signs).toEqual(new Set([-1, 1]));
  },
);
