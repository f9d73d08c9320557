import { B, ops, type Builder, type Value } from "../../src/tensor/index.js";
import { one, two, type Case } from "./case.js";
import { apart, draw, ints } from "./numbers.js";

const wide = draw(1, [3, 4], -2, 2);
const positive = draw(2, [3, 4], 0.3, 3);
const image = draw(6, [2, 6, 5, 2]);
const filters = draw(24, [3, 2, 2, 3]);
const bend = (b: Builder, v: Value): Value => ops.sin(b, v);

/** What models are made of; here it is the composition that matters. */
export const composites: Readonly<Record<string, readonly Case[]>> = {
  softmax: [
    one("", wide, (b, x) => ops.softmax(b, x)),
    one("large logits", draw(37, [3, 4], -500, 500), (b, x) => ops.softmax(b, x)),
  ],
  logSoftmax: [one("", wide, (b, x) => ops.logSoftmax(b, x))],
  logSumExp: [
    one("", wide, (b, x) => ops.logSumExp(b, x)),
    one("axis 0", wide, (b, x) => ops.logSumExp(b, x, 0)),
  ],
  variance: [one("", wide, (b, x) => ops.variance(b, x, [0]), [B, 4])],
  rsqrt: [one("", positive, ops.rsqrt)],
  clip: [one("", apart(38, [3, 4]), (b, x) => ops.clip(b, bend(b, x), -0.2, 0.2))],
  relu: [one("", apart(39, [3, 4]), (b, x) => ops.square(b, ops.relu(b, x)))],
  stack: [two("", wide, positive, (b, x, y) => ops.stack(b, [bend(b, x), y], 1))],
  oneHot: [one("", ints([3], [2, 0, 1]), (b, x) => ops.oneHot(b, x, 4))],
  network: [
    two("convolution, stride 2, padding, relu, pool", image, filters, (b, x, w) => {
      const h = ops.conv2d(b, x, w, {
        strides: [2, 2],
        padding: [
          [1, 1],
          [1, 1],
        ],
      });
      const p = ops.maxPool(b, ops.tanh(b, h), { window: [2, 2], strides: [1, 1] });
      return ops.softmax(
        b,
        ops.reshape(b, p, [
          2,
          b
            .typeOf(p)
            .shape.slice(1)
            .reduce<number>((n, d) => n * (d as number), 1),
        ]),
      );
    }),
  ],
};

export const nested: Case = {
  name: "nested, with an int carry",
  inputs: [draw(35, [2]), draw(36, [3, 2])],
  build: (b, [h, x]) => {
    const zero = ops.scalar(b, 0, "int");
    const { carries } = ops.scan(b, 3, { carries: [h!, zero], xs: [x!] }, (body, _k, [c, n], [s]) => {
      const inner = ops.scan(body, 2, { constants: [s!], carries: [c!] }, (deep, [k], [d]) => ({
        carries: [ops.sin(deep, ops.mul(deep, ops.add(deep, d!, k!), k!))],
        ys: [],
      }));
      const counted = ops.add(
        body,
        inner.carries[0]!,
        ops.mul(body, ops.cast(body, n!, "float"), ops.square(body, c!)),
      );
      return { carries: [counted, ops.add(body, n!, 1)], ys: [] };
    });
    return carries[0]!;
  },
};
