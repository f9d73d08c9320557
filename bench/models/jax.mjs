// What the models for jax-js share: layers and losses over its arrays, which every use but the last has to reference.
import { jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
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

const [beta1, beta2, rate, epsilon] = [0.9, 0.999, 0.001, 1e-7];

/** The loss of params and a batch, its gradients and Adam in one `jit`. */
export const adamStep = (loss) =>
  jit((state, ...batch) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(state.params), ...batch);
    const [power1, power2] = [state.power1.mul(beta1), state.power2.mul(beta2)];
    const m = tree.map((a, g) => a.mul(beta1).add(g.mul(1 - beta1)), state.m, tree.ref(gradients));
    const v = tree.map((a, g) => a.mul(beta2).add(np.square(g).mul(1 - beta2)), state.v, gradients);
    const part = (p, a, b) => {
      const up = a.div(np.subtract(1, power1.ref)).mul(rate);
      return p.sub(up.div(np.sqrt(b.div(np.subtract(1, power2.ref))).add(epsilon)));
    };
    const next = tree.map(part, state.params, tree.ref(m), tree.ref(v));
    return [value, { params: next, m, v, power1, power2 }];
  });

/** What the step goes on from. */
export function adamState(params) {
  const zeros = () => tree.map((a) => np.zeros(a.shape), params);
  return { params, m: zeros(), v: zeros(), power1: np.ones([]), power2: np.ones([]) };
}
