import type { Tensor, Tf } from "../types.js";
import { elementCount } from "../../elements.js";

export type Numbers = readonly number[];

/**
 * `size` elements along each axis from `begin`, every `stride`-th. Each axis is split into groups of `stride`, of which the first
 * elements are taken: tfjs on wasm copies plain slices blockwise, but strided ones element by element.
 */
export function slice(tf: Tf, x: Tensor, begin: Numbers, size: Numbers, stride: Numbers): Tensor {
  const span = size.map((n, i) => (n === 0 ? 0 : Math.min(n * stride[i]!, x.shape[i]! - begin[i]!)));
  return tf.tidy(() => {
    const cut = tf.slice(x, [...begin], span);
    return size.reduce<Tensor>((t, n, axis) => everyNth(tf, t, axis, n, stride[axis]!), cut);
  });
}

function everyNth(tf: Tf, x: Tensor, axis: number, count: number, stride: number): Tensor {
  if (stride === 1 || count === 0) return x;
  const outer = elementCount(x.shape.slice(0, axis));
  const inner = elementCount(x.shape.slice(axis + 1));
  const flat = tf.reshape(x, [outer, x.shape[axis]! * inner]);
  const missing = (count * stride - x.shape[axis]!) * inner;
  const whole =
    missing === 0
      ? flat
      : tf.pad(flat, [
          [0, 0],
          [0, missing],
        ]);
  const firsts = tf.slice(tf.reshape(whole, [outer * count, stride * inner]), [0, 0], [outer * count, inner]);
  return tf.reshape(
    firsts,
    x.shape.map((d, i) => (i === axis ? count : d)),
  );
}

/** Puts stride - 1 zeros behind each element along one axis. */
function spread(tf: Tf, x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return x;
  const outer = elementCount(x.shape.slice(0, axis + 1));
  const inner = elementCount(x.shape.slice(axis + 1));
  const padded = tf.pad(tf.reshape(x, [outer, 1, inner]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  return tf.reshape(
    padded,
    x.shape.map((d, i) => (i === axis ? d * stride : d)),
  );
}

/** Pads; a negative amount cuts. */
export function padOrCut(tf: Tf, x: Tensor, before: Numbers, after: Numbers, value = 0): Tensor {
  const begin = before.map((n) => Math.max(0, -n));
  const size = x.shape.map((d, i) => d - begin[i]! - Math.max(0, -after[i]!));
  const cut = size.every((d, i) => d === x.shape[i]) ? x : tf.slice(x, begin, size);
  if (before.every((n) => n <= 0) && after.every((n) => n <= 0)) return cut;
  return tf.pad(
    cut,
    before.map((n, i): [number, number] => [Math.max(0, n), Math.max(0, after[i]!)]),
    value,
  );
}

/** Zeros of `shape` with x at `begin` and every `stride`-th place from there. */
export function place(tf: Tf, x: Tensor, begin: Numbers, stride: Numbers, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const wide = stride.reduce<Tensor>((t, s, axis) => spread(tf, t, axis, s), x);
    const after = shape.map((d, i) => d - begin[i]! - wide.shape[i]!);
    return tf.clone(padOrCut(tf, wide, begin, after));
  });
}

/** The indices that sort x along an axis; equal numbers keep their order. */
export function argsort(tf: Tf, x: Tensor, axis: number, ascending: boolean): Tensor {
  return tf.tidy(() => {
    const last = x.rank - 1;
    const order = Array.from({ length: x.rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
    const lines = axis === last ? x : tf.transpose(x, order);
    // topk gives the lower index first among equals.
    const { indices } = tf.topk(ascending ? tf.neg(lines) : lines, x.shape[axis]!);
    return axis === last ? indices : tf.transpose(indices, order);
  });
}

/** Zeros of `shape` with updates[i] added to row indices[i]. */
export function scatterAdd(tf: Tf, indices: Tensor, updates: Tensor, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const inner = elementCount(shape.slice(1));
    const rows = tf.reshape(updates, [indices.size, inner]);
    return tf.reshape(tf.scatterND(tf.reshape(indices, [indices.size, 1]), rows, [shape[0]!, inner]), [
      ...shape,
    ]);
  });
}

/** Indices into the whole batch from indices that are flat inside one example. */
function inBatch(tf: Tf, indices: Tensor, size: number): Tensor {
  const count = indices.size / indices.shape[0]!;
  // Written out in full shape, since tfjs on wasm broadcasts ints slowly.
  const from = new Int32Array(indices.size);
  for (let n = 1; n < indices.shape[0]!; n++) from.fill(n * size, n * count, (n + 1) * count);
  return tf.add(tf.reshape(indices, [-1]), tf.tensor1d(from, "int32"));
}

export function poolGather(tf: Tf, x: Tensor, indices: Tensor): Tensor {
  return tf.tidy(() => {
    const flat = inBatch(tf, indices, x.size / x.shape[0]!);
    return tf.reshape(tf.gather(tf.reshape(x, [-1]), flat), indices.shape);
  });
}

export function poolScatter(tf: Tf, x: Tensor, indices: Tensor, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const count = elementCount(shape);
    const flat = inBatch(tf, indices, count / shape[0]!);
    return tf.reshape(tf.scatterND(tf.reshape(flat, [-1, 1]), tf.reshape(x, [-1]), [count]), [...shape]);
  });
}

/** The four sides of images or filters. */
export function four(shape: Numbers): [number, number, number, number] {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error(`[${shape.join(", ")}] has not four dimensions`);
  return [a, b, c, d];
}
