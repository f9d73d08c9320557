import { numbers } from "./numbers.mjs";

const spec = `model Series {
  input series: float[100, 8]
  task next { output = series |> lstm(64) |> dense(1)  label: float  loss: mse }
}
train { optimizer: adam(lr: 0.001)  batch: 32  epochs: 1 }
`;

export const lstm = {
  title: "lstm 64 over 100 steps of 8, dense 1, adam, batch 32",
  spec,
  batch: 32,
  steps: 10,
  shapes: { series: [100, 8], next: [1] },
  data: (rows) => ({ inputs: { series: numbers(rows * 800, 1) }, labels: { next: numbers(rows, 2) } }),
  layers: (tf) => {
    const x = tf.input({ shape: [100, 8] });
    const h = tf.layers.lstm({ units: 64, recurrentActivation: "sigmoid" }).apply(x);
    return {
      inputs: [x],
      outputs: [tf.layers.dense({ units: 1 }).apply(h)],
      loss: ["meanSquaredError"],
    };
  },
  /** There is no loop that can be differentiated, so the steps are written out. */
  jax: ({ nn, numpy }, { apply, dense, meanSquaredError, weights }) => ({
    params: { input: dense(8, 256), recurrent: weights(64, 256), head: dense(64, 1) },
    loss: (p, x, y) => {
      let h = numpy.zeros([32, 64]);
      let c = numpy.zeros([32, 64]);
      for (const now of numpy.unstack(x.series, 1)) {
        const input = { kernel: p.input.kernel.ref, bias: p.input.bias.ref };
        const z = apply(input, now).add(numpy.dot(h, p.recurrent.ref));
        const [i, f, g, o] = numpy.split(z, 4, -1);
        c = c.mul(nn.sigmoid(f)).add(nn.sigmoid(i).mul(numpy.tanh(g)));
        h = numpy.tanh(c.ref).mul(nn.sigmoid(o));
      }
      for (const used of [c, p.input.kernel, p.input.bias, p.recurrent]) used.dispose();
      return meanSquaredError(apply(p.head, h), y.next);
    },
  }),
};
