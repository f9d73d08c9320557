import { bits, classes, numbers } from "./numbers.mjs";

const spec = `model Embeddings {
  input item: category(5000)
  input place: category(500)
  input numbers: float[8]
  h = concat(item |> embedding(32), place |> embedding(16), numbers) |> dense(128, relu) |> dense(64, relu)
  task bought { output = h |> dense(1, sigmoid)  label: binary  loss: binary_crossentropy }
  task amount { output = h |> dense(1)  label: float  loss: mse }
  task kind { output = h |> dense(5, softmax)  label: category(5)  loss: categorical_crossentropy }
}
train { optimizer: adam(lr: 0.001)  batch: 256  epochs: 1 }
`;

export const embeddings = {
  title: "embeddings 5,000 to 32 and 500 to 16, 8 numbers, 128-64-(1, 1, 5), adam, batch 256",
  spec,
  batch: 256,
  steps: 50,
  shapes: { item: [], place: [], numbers: [8], bought: [1], amount: [1], kind: [] },
  oneHot: { kind: 5 },
  data: (rows) => ({
    inputs: { item: classes(rows, 5000, 1), place: classes(rows, 500, 2), numbers: numbers(rows * 8, 3) },
    labels: { bought: bits(rows, 4), amount: numbers(rows, 5), kind: classes(rows, 5, 6) },
  }),
  layers: (tf) => {
    const inputs = [tf.input({ shape: [1] }), tf.input({ shape: [1] }), tf.input({ shape: [8] })];
    const table = (inputDim, outputDim, on) =>
      tf.layers.flatten().apply(tf.layers.embedding({ inputDim, outputDim }).apply(on));
    const dense = (units, activation, on) => tf.layers.dense({ units, activation }).apply(on);
    const [item, place] = [table(5000, 32, inputs[0]), table(500, 16, inputs[1])];
    const joined = tf.layers.concatenate().apply([item, place, inputs[2]]);
    const h = dense(64, "relu", dense(128, "relu", joined));
    return {
      inputs,
      outputs: [dense(1, "sigmoid", h), dense(1, "linear", h), dense(5, "softmax", h)],
      loss: ["binaryCrossentropy", "meanSquaredError", "categoricalCrossentropy"],
    };
  },
  jax: (
    { nn, numpy },
    { apply, binaryCrossEntropy, categoricalCrossEntropy, dense, meanSquaredError, weights },
  ) => ({
    params: {
      item: weights(5000, 32),
      place: weights(500, 16),
      first: dense(56, 128),
      second: dense(128, 64),
      bought: dense(64, 1),
      amount: dense(64, 1),
      kind: dense(64, 5),
    },
    loss: (p, x, y) => {
      const rows = [numpy.take(p.item, x.item, 0), numpy.take(p.place, x.place, 0), x.numbers];
      const h = nn.relu(apply(p.second, nn.relu(apply(p.first, numpy.concatenate(rows, -1)))));
      return binaryCrossEntropy(apply(p.bought, h.ref), y.bought)
        .add(meanSquaredError(apply(p.amount, h.ref), y.amount))
        .add(categoricalCrossEntropy(apply(p.kind, h), y.kind, 5));
    },
  }),
};
