import { wantAxes, wantAxis, wantSteps } from "../attributes.js";
import {
  add,
  evaluateShape,
  powerOf,
  sameDimension,
  sameShape,
  showShape,
  sizeOf,
  type Dimension,
  type Shape,
} from "../dimension.js";
import {
  allocate,
  broadcastStrides,
  copyStrided,
  dense,
  numbersOf,
  readStrided,
  stridesOf,
  tensor,
} from "../kernels/host.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { broadcastOf } from "./binary.js";
import { definePrimitive, showType } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const reshape = definePrimitive(ops.reshapeSignature, {
  doc: "The same elements in row-major order under another shape.",
  infer([x], { shape }) {
    if (!sameDimension(sizeOf(x.shape), sizeOf(shape))) {
      throw new Error(`cannot make ${showShape(shape)} of ${showType(x)}`);
    }
    return { dtype: x.dtype, shape };
  },
  evaluate: ([x], { shape }, { batch }) => ({ ...x, shape: evaluateShape(shape, batch) }),
  gradient: (b, { inputs: [x] }, g) => [ops.reshape(b, g, b.typeOf(x).shape)],
});

export const transpose = definePrimitive(ops.transposeSignature, {
  doc: "Axis i of the result is axis perm[i].",
  infer([x], { perm }) {
    wantAxes(perm, "perm", x.shape.length);
    if (perm.length !== x.shape.length)
      throw new Error(`attribute perm has ${perm.length} axes for ${showType(x)}`);
    return { dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]!) };
  },
  evaluate([x], { perm }) {
    const strides = stridesOf(x.shape);
    const shape = perm.map((axis) => x.shape[axis]!);
    const out = allocate(x.dtype, elementCount(shape));
    readStrided(
      numbersOf(x),
      out,
      shape,
      perm.map((axis) => strides[axis]!),
    );
    return tensor(x.dtype, shape, out);
  },
  gradient(b, { attributes: { perm } }, g) {
    const back = perm.map((_, axis) => perm.indexOf(axis));
    return [ops.transpose(b, g, back)];
  },
});

export const broadcast = definePrimitive(ops.broadcastSignature, {
  unfolded: true,
  doc: "Repeats axes of 1 and leading axes; axes are aligned at the right.",
  infer([x], { shape }) {
    const both = broadcastOf(x.shape, shape);
    if (both === undefined || !sameShape(both, shape)) {
      throw new Error(`cannot broadcast ${showType(x)} to ${showShape(shape)}`);
    }
    return { dtype: x.dtype, shape };
  },
  evaluate([x], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const out = allocate(x.dtype, elementCount(shape));
    readStrided(numbersOf(x), out, shape, broadcastStrides(x.shape, shape));
    return tensor(x.dtype, shape, out);
  },
  gradient: (b, { inputs: [x] }, g) => [ops.sumTo(b, g, b.typeOf(x).shape)],
});

/** Whether a slice lies within an axis; true where that depends on the batch in a way that cannot be told here. */
function fits(whole: Dimension, begin: Dimension, size: Dimension, stride: number): boolean {
  if (stride === 1) {
    const end = add(begin, size);
    if (end === undefined || powerOf(end) !== powerOf(whole)) return true;
    return coefficient(end) <= coefficient(whole);
  }
  if (typeof whole !== "number" || typeof begin !== "number" || typeof size !== "number") {
    return sameDimension(whole, size) ? stride === 1 : true;
  }
  return size === 0 || begin + (size - 1) * stride + 1 <= whole;
}

function coefficient(d: Dimension): number {
  return typeof d === "number" ? d : d.coefficient;
}

function wantWindow(x: TensorType, whole: Shape, begin: Shape, size: Shape, stride: readonly number[]): void {
  const rank = whole.length;
  const right = begin.length === rank && size.length === rank;
  if (!right || !whole.every((d, i) => fits(d, begin[i]!, size[i]!, stride[i]!))) {
    const by = `${showShape(size)} from ${showShape(begin)} by [${stride.join(", ")}]`;
    throw new Error(`${by} does not lie in ${showShape(whole)}; input ${showType(x)}`);
  }
}

/** How a tensor of these strides is read from `begin`, every step-th element. */
function stepped(own: readonly number[], begin: readonly number[], steps?: readonly number[]) {
  return {
    strides: steps === undefined ? own : own.map((s, i) => s * steps[i]!),
    offset: own.reduce((total, s, i) => total + s * begin[i]!, 0),
  };
}

export const slice = definePrimitive(ops.sliceSignature, {
  doc: "`size` elements along each axis from `begin`, every `stride`-th.",
  infer([x], { begin, size, stride }) {
    wantSteps(stride, "stride", x.shape.length);
    wantWindow(x, x.shape, begin, size, stride);
    return { dtype: x.dtype, shape: size };
  },
  evaluate([x], attributes, { batch }) {
    const shape = evaluateShape(attributes.size, batch);
    const own = stridesOf(x.shape);
    const out = allocate(x.dtype, elementCount(shape));
    const { strides, offset } = stepped(own, evaluateShape(attributes.begin, batch), attributes.stride);
    readStrided(numbersOf(x), out, shape, strides, offset);
    return tensor(x.dtype, shape, out);
  },
  gradient: (b, { inputs: [x], attributes: { begin, stride } }, g) => [
    ops.place(b, g, begin, b.typeOf(x).shape, stride),
  ],
});

export const place = definePrimitive(ops.placeSignature, {
  doc: "Zeros of `shape` with x where a slice of this begin and stride would read it.",
  infer([x], { begin, stride, shape }) {
    wantSteps(stride, "stride", x.shape.length);
    wantWindow(x, shape, begin, x.shape, stride);
    return { dtype: x.dtype, shape };
  },
  evaluate([x], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const own = stridesOf(shape);
    const out = allocate(x.dtype, elementCount(shape));
    const steps = stepped(own, evaluateShape(attributes.begin, batch), attributes.stride);
    copyStrided(dense(x), { data: out, ...steps }, x.shape);
    return tensor(x.dtype, shape, out);
  },
  gradient: (b, { inputs: [x], attributes: { begin, stride } }, g) => [
    ops.slice(b, g, begin, b.typeOf(x).shape, stride),
  ],
});

export const pad = definePrimitive(ops.padSignature, {
  doc: "`before` and `after` each axis, with `value`.",
  infer([x], { before, after }) {
    if (before.length !== x.shape.length || after.length !== x.shape.length) {
      throw new Error(`pads ${showShape(before)} and ${showShape(after)} for ${showType(x)}`);
    }
    const shape = x.shape.map((d, i) => {
      const part = add(before[i]!, d);
      const whole = part === undefined ? undefined : add(part, after[i]!);
      if (whole === undefined) throw new Error(`cannot pad axis ${i} of ${showType(x)}: no c·Bᵏ`);
      return whole;
    });
    return { dtype: x.dtype, shape };
  },
  evaluate([x], attributes, { batch }) {
    const before = evaluateShape(attributes.before, batch);
    const after = evaluateShape(attributes.after, batch);
    const shape = x.shape.map((d, i) => before[i]! + d + after[i]!);
    const out = allocate(x.dtype, elementCount(shape)).fill(attributes.value);
    const steps = stepped(stridesOf(shape), before);
    copyStrided(dense(x), { data: out, ...steps }, x.shape);
    return tensor(x.dtype, shape, out);
  },
  gradient: (b, { inputs: [x], attributes: { before } }, g) => [ops.slice(b, g, before, b.typeOf(x).shape)],
});

function firstOf<T>(inputs: readonly T[]): T {
  const [first] = inputs;
  if (first === undefined) throw new Error("takes at least 1 input");
  return first;
}

function joined(a: Dimension, b: Dimension): Dimension {
  const both = add(a, b);
  if (both === undefined) throw new Error(`cannot join ${showShape([a, b])}: no c·Bᵏ`);
  return both;
}

export const concat = definePrimitive(ops.concatSignature, {
  doc: "Along one axis.",
  infer(inputs, { axis }) {
    const first = firstOf(inputs);
    wantAxis(axis, "axis", first.shape.length);
    const total = inputs.reduce<Dimension | undefined>((sum, x) => {
      const same = x.shape.length === first.shape.length && x.dtype === first.dtype;
      if (!same || !x.shape.every((d, i) => i === axis || sameDimension(d, first.shape[i]!))) {
        throw new Error(`cannot join ${inputs.map(showType).join(", ")} along axis ${axis}`);
      }
      return sum === undefined ? sum : add(sum, x.shape[axis]!);
    }, 0);
    if (total === undefined) throw new Error(`cannot join ${inputs.map(showType).join(", ")}: no c·Bᵏ`);
    return { dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) };
  },
  evaluate(inputs, { axis }) {
    const first = firstOf(inputs);
    const total = inputs.reduce((n, x) => n + x.shape[axis]!, 0);
    const shape = first.shape.map((d, i) => (i === axis ? total : d));
    const own = stridesOf(shape);
    const out = allocate(first.dtype, elementCount(shape));
    let at = 0;
    for (const x of inputs) {
      copyStrided(dense(x), { data: out, strides: own, offset: at * own[axis]! }, x.shape);
      at += x.shape[axis]!;
    }
    return tensor(first.dtype, shape, out);
  },
  gradient(b, { inputs, attributes: { axis } }, g, needed) {
    let at: Dimension = 0;
    return inputs.map((x, i) => {
      const size = b.typeOf(x).shape[axis]!;
      const from = at;
      at = joined(at, size);
      return needed[i] === true ? ops.sliceAxis(b, g, axis, from, size) : undefined;
    });
  },
});

export const reverse = definePrimitive(ops.reverseSignature, {
  doc: "The order along these axes.",
  infer([x], { axes }) {
    wantAxes(axes, "axes", x.shape.length);
    return x;
  },
  evaluate([x], { axes }) {
    const own = stridesOf(x.shape);
    const out = allocate(x.dtype, elementCount(x.shape));
    const offset = axes.reduce((total, a) => total + own[a]! * (x.shape[a]! - 1), 0);
    const strides = own.map((s, i) => (axes.includes(i) ? -s : s));
    readStrided(numbersOf(x), out, x.shape, strides, offset);
    return tensor(x.dtype, x.shape, out);
  },
  gradient: (b, { attributes: { axes } }, g) => [ops.reverse(b, g, axes)],
});
