import type { Tensor, Tf, TfjsBody } from "../types.js";
import { at } from "./elementwise.js";

export interface ScanOptions {
  readonly length: number;
  /** How many of the inputs are constants, and then carries; the rest are xs. */
  readonly constants: number;
  readonly carries: number;
  readonly reverse: boolean;
}

/** A loop: gives the last carries and the stacked ys. */
export function scan(
  tf: Tf,
  inputs: readonly Tensor[],
  body: TfjsBody,
  o: ScanOptions,
  batch: number,
): Tensor[] {
  const before = o.constants + o.carries;
  const constants = inputs.slice(0, o.constants);
  const given = inputs.slice(o.constants, before);
  const xs = inputs.slice(before);
  let carries: readonly Tensor[] = given;
  const ys: Tensor[][] = [];
  for (let step = 0; step < o.length; step++) {
    const i = o.reverse ? o.length - 1 - step : step;
    const out = tf.tidy(() => {
      const slices = xs.map((x) => sliceOf(tf, x, i));
      return body(tf, [...constants, ...carries, ...slices], batch);
    });
    if (carries !== given) for (const carry of carries) carry.dispose();
    carries = out.slice(0, o.carries);
    out.slice(o.carries).forEach((y, k) => (ys[k] ??= []).push(y));
  }
  const stacked = ys.map((slices) => {
    const whole = tf.stack(o.reverse ? slices.reverse() : slices);
    for (const y of slices) y.dispose();
    return whole;
  });
  const last = carries === given ? given.map((t) => tf.clone(t)) : carries;
  return [...last.map((_, i) => at(last, i)), ...stacked];
}

function sliceOf(tf: Tf, x: Tensor, i: number): Tensor {
  const rest = x.shape.slice(1);
  return tf.reshape(tf.slice(x, [i, ...rest.map(() => 0)], [1, ...rest]), rest);
}
