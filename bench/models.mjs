// The models that are timed: the spec, the data, and the same network for tfjs-layers.
import { readFileSync } from "node:fs";

/** Numbers that look random and are the same everywhere, from -1 to 1. */
function numbers(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const classes = (count, of, seed) =>
  Int32Array.from(numbers(count, seed), (x) => Math.min(of - 1, Math.floor(((x + 1) / 2) * of)));
const bits = (count, seed) => Float32Array.from(numbers(count, seed), (x) => Number(x > 0));

/** The seed's model without its data section, so that it takes arrays. */
const twoTowers = readFileSync(new URL("../specs/two-towers.nnspec", import.meta.url), "utf8").replace(
  /\ndata \{[\s\S]*$/,
  "\n",
);

const mlp = `model Mlp {
  input x: float[64]
  h = x |> dense(256, relu) |> dense(256, relu)
  task amount { output = h |> dense(1)  label: float  loss: mse }
  task flag { output = h |> dense(1, sigmoid)  label: binary  loss: binary_crossentropy }
  task kind { output = h |> dense(10, softmax)  label: category(10)  loss: categorical_crossentropy }
}
train { optimizer: adam(lr: 0.001)  batch: 128  epochs: 1 }
`;

const cnn = `model Cnn {
  input image: float[28, 28, 1]
  task digit {
    output = image
      |> conv2d(16, 3, padding: same, activation: relu) |> max_pool2d(2)
      |> conv2d(32, 3, padding: same, activation: relu) |> max_pool2d(2)
      |> flatten |> dense(10, softmax)
    label: category(10)
    loss: categorical_crossentropy
  }
}
train { optimizer: adam(lr: 0.001)  batch: 64  epochs: 1 }
`;

/**
 * By name: what it is, its spec, the batch, how many steps make one measurement (fewer where a step takes seconds), the
 * data for so many rows, and the layers of tfjs. Labels of classes are indices; `oneHot` says how many there are.
 */
export const models = {
  "two-towers": {
    title: "two towers 10-10-1, adam, batch 32",
    spec: twoTowers,
    batch: 32,
    steps: 50,
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
    shapes: { x1: [10], x2: [10] },
    oneHot: {},
  },
  mlp: {
    title: "mlp 64-256-256-(1, 1, 10), adam, batch 128",
    spec: mlp,
    batch: 128,
    steps: 20,
    data: (rows) => ({
      inputs: { x: numbers(rows * 64, 1) },
      labels: { amount: numbers(rows, 2), flag: bits(rows, 3), kind: classes(rows, 10, 4) },
    }),
    layers: (tf) => {
      const x = tf.input({ shape: [64] });
      const dense = (units, activation, on) => tf.layers.dense({ units, activation }).apply(on);
      const h = dense(256, "relu", dense(256, "relu", x));
      return {
        inputs: [x],
        outputs: [dense(1, "linear", h), dense(1, "sigmoid", h), dense(10, "softmax", h)],
        loss: ["meanSquaredError", "binaryCrossentropy", "categoricalCrossentropy"],
      };
    },
    shapes: { x: [64] },
    oneHot: { kind: 10 },
  },
  cnn: {
    title: "cnn 28x28, conv 16, pool, conv 32, pool, dense 10, adam, batch 64",
    spec: cnn,
    batch: 64,
    steps: 3,
    slowSteps: 1,
    data: (rows) => ({
      inputs: { image: numbers(rows * 28 * 28, 1) },
      labels: { digit: classes(rows, 10, 2) },
    }),
    layers: (tf) => {
      const x = tf.input({ shape: [28, 28, 1] });
      const conv = (filters, on) =>
        tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu" }).apply(on);
      const pool = (on) => tf.layers.maxPooling2d({ poolSize: 2 }).apply(on);
      const flat = tf.layers.flatten().apply(pool(conv(32, pool(conv(16, x)))));
      const output = tf.layers.dense({ units: 10, activation: "softmax" }).apply(flat);
      return { inputs: [x], outputs: [output], loss: ["categoricalCrossentropy"] };
    },
    shapes: { image: [28, 28, 1] },
    oneHot: { digit: 10 },
  },
};
