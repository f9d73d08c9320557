import { wantAxes, wantAxis } from "../attributes.js";
import type { Dimension, Shape } from "../dimension.js";
import { allocate, around, eachRow, numbersOf, stridesOf, tensor } from "../kernels/host.js";
import type { HostTensor } from "../../runtime/tensor.js";
import { elementCount } from "../../runtime/elements.js";
import * as ops from "../ops.js";
import { definePrimitive, wantDtype } from "./primitive.js";

function reduced<D extends Dimension>(
  shape: readonly D[],
  axes: readonly number[],
  keep: boolean,
): (D | 1)[] {
  return shape.flatMap<D | 1>((d, i) => (axes.includes(i) ? (keep ? [1] : []) : [d]));
}

export const sum = definePrimitive(ops.sumSignature, {
  doc: "Over these axes; `keep` leaves them as 1.",
  infer([x], { axes, keep }) {
    wantDtype(x, "float", "int");
    wantAxes(axes, "axes", x.shape.length);
    return { dtype: x.dtype, shape: reduced(x.shape, axes, keep) };
  },
  evaluate([x], { axes, keep }) {
    const shape = reduced(x.shape, axes, keep);
    const kept = stridesOf(reduced(x.shape, axes, true)).map((s, i) => (axes.includes(i) ? 0 : s));
    const out = allocate(x.dtype, elementCount(shape));
    const data = numbersOf(x);
    const run = x.shape.at(-1) ?? 1;
    const step = kept.at(-1) ?? 0;
    let at = 0;
    eachRow(x.shape, [kept], (o) => {
      for (let k = 0; k < run; k++) out[o[0]! + k * step]! += data[at++]!;
    });
    return tensor(x.dtype, shape, out);
  },
  gradient(b, { inputs: [x], attributes: { axes } }, g) {
    const { shape } = b.typeOf(x);
    return [ops.broadcast(b, ops.reshape(b, g, reduced(shape, axes, true)), shape)];
  },
});

/** For every line along the axis: `visit(start of the line, stride, length, place of the line)`. */
function eachLine(
  shape: readonly number[],
  axis: number,
  visit: (start: number, stride: number, length: number, line: number) => void,
): void {
  const [outer, length, inner] = around(shape, axis);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) visit(i * length * inner + j, inner, length, i * inner + j);
  }
}

function firstMaxima(x: HostTensor, axis: number): Int32Array {
  const data = numbersOf(x);
  const out = new Int32Array(elementCount(x.shape) / Math.max(1, x.shape[axis]!));
  eachLine(x.shape, axis, (start, stride, length, line) => {
    let best = 0;
    for (let k = 1; k < length; k++) if (data[start + k * stride]! > data[start + best * stride]!) best = k;
    out[line] = best;
  });
  return out;
}

export const max_reduce = definePrimitive(ops.maxReduceSignature, {
  doc: "The maximum along one axis; equal ones share the gradient evenly.",
  infer([x], { axis, keep }) {
    wantDtype(x, "float", "int");
    wantAxis(axis, "axis", x.shape.length);
    if (x.shape[axis] === 0) throw new Error(`has no maximum along the empty axis ${axis}`);
    return { dtype: x.dtype, shape: reduced(x.shape, [axis], keep) };
  },
  evaluate([x], { axis, keep }) {
    const shape = reduced(x.shape, [axis], keep);
    const out = allocate(x.dtype, elementCount(shape));
    const data = numbersOf(x);
    const places = firstMaxima(x, axis);
    eachLine(x.shape, axis, (start, stride, _length, line) => {
      out[line] = data[start + places[line]! * stride]!;
    });
    return tensor(x.dtype, shape, out);
  },
  gradient(b, { inputs: [x], output, attributes: { axis } }, g) {
    const kept: Shape = reduced(b.typeOf(x).shape, [axis], true);
    const winners = ops.eq(b, x, ops.reshape(b, output, kept));
    const count = ops.sum(b, ops.cast(b, winners, "float"), [axis], true);
    return [ops.select(b, winners, ops.div(b, ops.reshape(b, g, kept), count), 0)];
  },
});

export const argmax = definePrimitive(ops.argmaxSignature, {
  doc: "The int index of the first maximum along one axis.",
  infer([x], { axis }) {
    wantDtype(x, "float", "int");
    wantAxis(axis, "axis", x.shape.length);
    return { dtype: "int", shape: reduced(x.shape, [axis], false) };
  },
  evaluate: ([x], { axis }) => tensor("int", reduced(x.shape, [axis], false), firstMaxima(x, axis)),
});

export const argsort = definePrimitive(ops.argsortSignature, {
  doc: "The int indices that sort along one axis, equal ones in their order.",
  infer([x], { axis }) {
    wantDtype(x, "float", "int");
    wantAxis(axis, "axis", x.shape.length);
    return { dtype: "int", shape: x.shape };
  },
  evaluate([x], { axis, ascending }) {
    const data = numbersOf(x);
    const sense = ascending ? 1 : -1;
    const out = new Int32Array(data.length);
    eachLine(x.shape, axis, (start, stride, length) => {
      const order = Array.from({ length }, (_, k) => k);
      order.sort((p, q) => sense * (data[start + p * stride]! - data[start + q * stride]!));
      order.forEach((p, k) => {
        out[start + k * stride] = p;
      });
    });
    return tensor("int", x.shape, out);
  },
});

export const cumsum = definePrimitive(ops.cumsumSignature, {
  doc: "Running sums along one axis; `exclusive` leaves out the element itself, `reverse` sums from the end.",
  infer([x], { axis }) {
    wantDtype(x, "float", "int");
    wantAxis(axis, "axis", x.shape.length);
    return x;
  },
  evaluate([x], { axis, reverse, exclusive }) {
    const data = numbersOf(x);
    const out = allocate(x.dtype, data.length);
    eachLine(x.shape, axis, (start, stride, length) => {
      let total = 0;
      for (let k = 0; k < length; k++) {
        const at = start + (reverse ? length - 1 - k : k) * stride;
        const next = total + data[at]!;
        out[at] = exclusive ? total : next;
        total = next;
      }
    });
    return tensor(x.dtype, x.shape, out);
  },
  gradient: (b, { attributes: { axis, reverse, exclusive } }, g) => [
    ops.cumsum(b, g, axis, { reverse: !reverse, exclusive }),
  ],
});
