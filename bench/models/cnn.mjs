import { classes, numbers } from "./numbers.mjs";

const spec = `model Cnn {
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

export const cnn = {
  title: "cnn 28x28, conv 16, pool, conv 32, pool, dense 10, adam, batch 64",
  spec,
  batch: 64,
  steps: 10,
  shapes: { image: [28, 28, 1], digit: [] },
  oneHot: { digit: 10 },
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
  jax: ({ lax, nn, numpy }, { apply, categoricalCrossEntropy, dense, weights }) => {
    const conv = (p, x, filters) =>
      nn.relu(lax.conv(x, p.kernel, [1, 1], "SAME").add(p.bias.reshape([filters, 1, 1])));
    const pool = (x, channels, side) => numpy.max(x.reshape([64, channels, side, 2, side, 2]), [3, 5]);
    return {
      params: {
        first: { kernel: weights(16, 1, 3, 3), bias: weights(16) },
        second: { kernel: weights(32, 16, 3, 3), bias: weights(32) },
        head: dense(32 * 49, 10),
      },
      loss: (p, x, y) => {
        const h = pool(conv(p.first, x.image.reshape([64, 1, 28, 28]), 16), 16, 14);
        const flat = pool(conv(p.second, h, 32), 32, 7).reshape([64, 32 * 49]);
        return categoricalCrossEntropy(apply(p.head, flat), y.digit, 10);
      },
    };
  },
};
