import { classes, numbers } from "./numbers.mjs";

const spec = `model Transformer {
  input tokens: float[64, 64]
  a = tokens + (tokens |> layer_norm |> multi_head_attention(4, 16))
  h = a + (a |> layer_norm |> dense(256, gelu) |> dense(64))
  task kind {
    output = h |> reshape([1, 64, 64]) |> global_avg_pool2d |> dense(10, softmax)
    label: category(10)
    loss: categorical_crossentropy
  }
}
train { optimizer: adam(lr: 0.001)  batch: 32  epochs: 1 }
`;

export const transformer = {
  title: "transformer block, d 64, 4 heads, 64 tokens, gelu 256, mean, dense 10, adam, batch 32",
  spec,
  batch: 32,
  steps: 10,
  shapes: { tokens: [64, 64], kind: [] },
  oneHot: { kind: 10 },
  data: (rows) => ({
    inputs: { tokens: numbers(rows * 64 * 64, 1) },
    labels: { kind: classes(rows, 10, 2) },
  }),
  layers: (tf) => {
    /** Attention between projections; tfjs has no layer for it that it exports. */
    class Attention extends tf.layers.Layer {
      static className = "BenchAttention";
      computeOutputShape(shapes) {
        return shapes[0];
      }
      call([query, key, value]) {
        return tf.tidy(() => {
          const heads = (x) => tf.transpose(tf.reshape(x, [-1, 64, 4, 16]), [0, 2, 1, 3]);
          const scores = tf.mul(tf.matMul(heads(query), heads(key), false, true), 0.25);
          const mixed = tf.matMul(tf.softmax(scores), heads(value));
          return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [-1, 64, 64]);
        });
      }
    }
    const x = tf.input({ shape: [64, 64] });
    const dense = (units, activation, on) => tf.layers.dense({ units, activation }).apply(on);
    const norm = (on) => tf.layers.layerNormalization().apply(on);
    const add = (...on) => tf.layers.add().apply(on);
    const n = norm(x);
    const mixed = new Attention({}).apply([1, 2, 3].map(() => dense(64, "linear", n)));
    const a = add(x, dense(64, "linear", mixed));
    const h = add(a, dense(64, "linear", dense(256, "gelu", norm(a))));
    const mean = tf.layers.globalAveragePooling1d({}).apply(h);
    return { inputs: [x], outputs: [dense(10, "softmax", mean)], loss: ["categoricalCrossentropy"] };
  },
  jax: ({ nn, numpy }, { apply, categoricalCrossEntropy, dense, weights }) => {
    const newNorm = () => ({ gamma: numpy.ones([64]), beta: weights(64) });
    const norm = (p, x) => nn.standardize(x, -1, { epsilon: 0.001 }).mul(p.gamma).add(p.beta);
    const heads = (p, x) => numpy.transpose(apply(p, x).reshape([32, 64, 4, 16]), [0, 2, 1, 3]);
    // Its own `dotProductAttention` calls iterator helpers, which Node 20 has not.
    const attention = (q, k, v) => {
      const scores = numpy.matmul(q, numpy.matrixTranspose(k)).mul(0.25);
      const mixed = numpy.matmul(nn.softmax(scores, -1), v);
      return numpy.transpose(mixed, [0, 2, 1, 3]).reshape([32, 64, 64]);
    };
    return {
      params: {
        norms: [newNorm(), newNorm()],
        query: dense(64, 64),
        key: dense(64, 64),
        value: dense(64, 64),
        mixed: dense(64, 64),
        wide: dense(64, 256),
        narrow: dense(256, 64),
        head: dense(64, 10),
      },
      loss: (p, x, y) => {
        const n = norm(p.norms[0], x.tokens.ref);
        const mixed = attention(heads(p.query, n.ref), heads(p.key, n.ref), heads(p.value, n));
        const a = x.tokens.add(apply(p.mixed, mixed));
        const wide = nn.gelu(apply(p.wide, norm(p.norms[1], a.ref)), { approximate: false });
        const h = a.add(apply(p.narrow, wide));
        return categoricalCrossEntropy(apply(p.head, numpy.mean(h, 1)), y.kind, 10);
      },
    };
  },
};
