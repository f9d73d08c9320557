import { readFileSync } from "node:fs";
import { bits, numbers } from "./numbers.mjs";

/** The seed's model without its data section, so that it takes arrays, and without metrics, which the others have not. */
const spec = readFileSync(new URL("../../specs/two-towers.nnspec", import.meta.url), "utf8")
  .replace(/\ndata \{[\s\S]*$/, "\n")
  .replaceAll(/ *metrics: .*\n/g, "");

export const twoTowers = {
  title: "two towers 10-10-1, adam, batch 32",
  spec,
  batch: 32,
  steps: 100,
  shapes: { x1: [10], x2: [10], first: [1], second: [1] },
  data: (rows) => ({
    inputs: { x1: numbers(rows * 10, 1), x2: numbers(rows * 10, 2) },
    labels: { first: bits(rows, 3), second: bits(rows, 4) },
  }),
  layers: (tf) => {
    const inputs = [tf.input({ shape: [10] }), tf.input({ shape: [10] })];
    const outputs = inputs.map((x) =>
      tf.layers
        .dense({ units: 1, activation: "sigmoid" })
        .apply(tf.layers.dense({ units: 10, activation: "relu" }).apply(x)),
    );
    return { inputs, outputs, loss: ["binaryCrossentropy", "binaryCrossentropy"] };
  },
  jax: ({ nn }, { apply, binaryCrossEntropy, dense }) => {
    const tower = (p, x) => apply(p.head, nn.relu(apply(p.hidden, x)));
    return {
      params: [1, 2].map(() => ({ hidden: dense(10, 10), head: dense(10, 1) })),
      loss: (p, x, y) =>
        binaryCrossEntropy(tower(p[0], x.x1), y.first).add(binaryCrossEntropy(tower(p[1], x.x2), y.second)),
    };
  },
};
