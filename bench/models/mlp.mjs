import { bits, classes, numbers } from "./numbers.mjs";

const spec = `model Mlp {
  input x: float[64]
  h = x |> dense(256, relu) |> dense(256, relu)
  task amount { output = h |> dense(1)  label: float  loss: mse }
  task flag { output = h |> dense(1, sigmoid)  label: binary  loss: binary_crossentropy }
  task kind { output = h |> dense(10, softmax)  label: category(10)  loss: categorical_crossentropy }
}
train { optimizer: adam(lr: 0.001)  batch: 128  epochs: 1 }
`;

export const mlp = {
  title: "mlp 64-256-256-(1, 1, 10), adam, batch 128",
  spec,
  batch: 128,
  steps: 50,
  shapes: { x: [64], amount: [1], flag: [1], kind: [] },
  oneHot: { kind: 10 },
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
  jax: ({ nn }, { apply, binaryCrossEntropy, categoricalCrossEntropy, dense, meanSquaredError }) => ({
    params: {
      first: dense(64, 256),
      second: dense(256, 256),
      amount: dense(256, 1),
      flag: dense(256, 1),
      kind: dense(256, 10),
    },
    loss: (p, x, y) => {
      const h = nn.relu(apply(p.second, nn.relu(apply(p.first, x.x))));
      return meanSquaredError(apply(p.amount, h.ref), y.amount)
        .add(binaryCrossEntropy(apply(p.flag, h.ref), y.flag))
        .add(categoricalCrossEntropy(apply(p.kind, h), y.kind, 10));
    },
  }),
};
