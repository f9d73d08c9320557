import { randomUniform } from "../../random.js";
import type { Tensor, Tf } from "../types.js";
import { elementCount } from "../../elements.js";

/** tfjs on wasm casts to bool by dropping bytes, so the number is compared with 0. */
export function toBool(tf: Tf, x: Tensor): Tensor {
  return tf.tidy(() => tf.notEqual(x, tf.zerosLike(x)));
}

/** To a shape, as a product with ones: tfjs on wasm tiles about a hundred times slower than it multiplies. */
export function broadcastTo(tf: Tf, x: Tensor, shape: readonly number[]): Tensor {
  if (x.dtype === "bool") return tf.broadcastTo(x, [...shape]);
  return tf.tidy(() => tf.mul(x, tf.ones([...shape], x.dtype)));
}

function spreadTo(tf: Tf, x: Tensor, shape: readonly number[]): Tensor {
  return x.shape.join() === shape.join() ? x : broadcastTo(tf, x, shape);
}

/** `where` over operands that are broadcast first, as above. */
export function select(tf: Tf, condition: Tensor, x: Tensor, y: Tensor, shape: readonly number[]): Tensor {
  return tf.tidy(() => {
    if (x.dtype !== "bool")
      return tf.where(spreadTo(tf, condition, shape), spreadTo(tf, x, shape), spreadTo(tf, y, shape));
    // tfjs on wasm reads bools in `where` as if they were wider, so logic operations select.
    return tf.logicalOr(tf.logicalAnd(condition, x), tf.logicalAnd(tf.logicalNot(condition), y));
  });
}

/** With the transposes done first: tfjs on wasm takes its slow path for transposed operands. */
export function matMul(tf: Tf, a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return tf.tidy(() => tf.matMul(transposeA ? turned(tf, a) : a, transposeB ? turned(tf, b) : b));
}

function turned(tf: Tf, x: Tensor): Tensor {
  const last = x.rank - 1;
  return tf.transpose(x, [...Array.from({ length: last - 1 }, (_, i) => i), last, last - 1]);
}

/** tfjs on wasm computes log(1 + x) as it is written, which loses x near 0; Kahan's correction gets it back. */
export function log1p(tf: Tf, x: Tensor): Tensor {
  return tf.tidy(() => {
    const u = tf.add(x, 1);
    const kept = tf.sub(u, 1);
    const lost = tf.equal(kept, 0);
    const ratio = tf.div(x, tf.where(lost, tf.onesLike(x), kept));
    const exact = tf.where(lost, x, tf.mul(tf.log(u), ratio));
    // At infinity the corrected ratio would be NaN.
    return tf.where(tf.less(x, 1), exact, tf.log(u));
  });
}

/** max(x, 0) + log(1 + e⁻|x|); tfjs's own softplus rounds it to 0 where x is far below 0. */
export function softplus(tf: Tf, x: Tensor): Tensor {
  return tf.tidy(() => tf.add(tf.maximum(x, 0), log1p(tf, tf.exp(tf.neg(tf.abs(x))))));
}

const CENTRE = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

/** Giles, "Approximating the erfinv function" (2010): single precision. */
export function erfinv(tf: Tf, x: Tensor): Tensor {
  return tf.tidy(() => {
    const w = tf.neg(tf.log(tf.mul(tf.sub(1, x), tf.add(1, x))));
    const horner = (coefficients: readonly number[], at: Tensor): Tensor =>
      coefficients
        .slice(1)
        .reduce<Tensor>((p, c) => tf.add(tf.mul(p, at), c), tf.fill(at.shape, coefficients[0]!));
    const centre = horner(CENTRE, tf.sub(w, 2.5));
    const tail = horner(TAIL, tf.sub(tf.sqrt(tf.maximum(w, 0)), 3));
    return tf.mul(x, tf.where(tf.less(w, 5), centre, tail));
  });
}

/** Ints that count along `axis`. */
export function iota(tf: Tf, shape: readonly number[], axis: number): Tensor {
  return tf.tidy(() => {
    const line = tf.range(0, shape[axis]!, 1, "int32");
    return tf.broadcastTo(
      tf.reshape(
        line,
        shape.map((d, i) => (i === axis ? d : 1)),
      ),
      [...shape],
    );
  });
}

/** The generator runs on the host: the same draws on every engine. */
export function random(tf: Tf, seed: Tensor, step: Tensor, stream: number, shape: readonly number[]): Tensor {
  const count = elementCount(shape);
  const draws = randomUniform(seed.dataSync()[0]!, stream, step.dataSync()[0]!, count);
  return tf.tensor(draws, [...shape], "float32");
}

/** The tensor at an index, which a well-formed program always has. */
export function at(tensors: readonly Tensor[], i: number): Tensor {
  const tensor = tensors[i];
  if (tensor === undefined) throw new Error(`tensor ${i} of ${tensors.length} is missing`);
  return tensor;
}
