// What the models for jax-js share: layers and losses over its arrays, which every use but the last has to reference.
import { nn, numpy as np } from "@jax-js/jax";
import { numbers } from "./numbers.mjs";

let seed = 100;

/** Weights like Glorot's uniform ones. */
export function weights(...shape) {
  const count = shape.reduce((a, b) => a * b, 1);
  const [into, out] = shape.length > 1 ? [count / shape.at(-1), shape.at(-1)] : [0, 0];
  const bound = shape.length > 1 ? Math.sqrt(6 / (into + out)) : 0;
  return np.array(numbers(count, seed++).map((x) => x * bound)).reshape(shape);
}

export const dense = (into, out) => ({ kernel: weights(into, out), bias: weights(out) });
export const apply = ({ kernel, bias }, x) => np.dot(x, kernel).add(bias);

/** Means over the batch, of logits. */
export const binaryCrossEntropy = (z, y) => np.mean(nn.softplus(z.ref).sub(z.mul(y)));
export const categoricalCrossEntropy = (z, y, count) =>
  np
    .sum(nn.logSoftmax(z, -1).mul(nn.oneHot(y, count)), -1)
    .mean()
    .mul(-1);
export const meanSquaredError = (x, y) => np.mean(np.square(x.sub(y)));
