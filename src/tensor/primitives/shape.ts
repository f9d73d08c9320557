import { axesAt, axisAt, integersAt, numberAt, numbersAt, shapeAt } from "../attributes.js";
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
} from "../kernels/host.js";
import { tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { broadcastOf } from "./binary.js";
import { showType, take1, type Primitive } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const reshape: Primitive = {
  name: "reshape",
  doc: "The same elements in row-major order under another shape.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const shape = shapeAt(attributes, "shape");
    if (!sameDimension(sizeOf(x.shape), sizeOf(shape))) {
      throw new Error(`cannot make ${showShape(shape)} of ${showType(x)}`);
    }
    return [{ dtype: x.dtype, shape }];
  },
  evaluate([x], attributes, { batch }) {
    return [{ ...x!, shape: evaluateShape(shapeAt(attributes, "shape"), batch) }];
  },
  gradient: (b, op, [g]) => [g === undefined ? g : ops.reshape(b, g, b.typeOf(op.inputs[0]!).shape)],
};

export const transpose: Primitive = {
  name: "transpose",
  doc: "Axis i of the result is axis perm[i].",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const perm = axesAt(attributes, "perm", x.shape.length);
    if (perm.length !== x.shape.length)
      throw new Error(`attribute perm has ${perm.length} axes for ${showType(x)}`);
    return [{ dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]!) }];
  },
  evaluate([x], attributes) {
    const perm = numbersAt(attributes, "perm");
    const strides = stridesOf(x!.shape);
    const shape = perm.map((axis) => x!.shape[axis]!);
    const out = allocate(x!.dtype, elementCount(shape));
    readStrided(
      numbersOf(x!),
      out,
      shape,
      perm.map((axis) => strides[axis]!),
    );
    return [tensor(x!.dtype, shape, out)];
  },
  gradient(b, op, [g]) {
    const perm = numbersAt(op.attributes, "perm");
    return [
      g === undefined
        ? g
        : ops.transpose(
            b,
            g,
            perm.map((_, axis) => perm.indexOf(axis)),
          ),
    ];
  },
};

export const broadcast: Primitive = {
  unfolded: true,
  name: "broadcast",
  doc: "Repeats axes of 1 and leading axes; axes are aligned at the right.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const shape = shapeAt(attributes, "shape");
    const both = broadcastOf(x.shape, shape);
    if (both === undefined || !sameShape(both, shape)) {
      throw new Error(`cannot broadcast ${showType(x)} to ${showShape(shape)}`);
    }
    return [{ dtype: x.dtype, shape }];
  },
  evaluate([x], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const out = allocate(x!.dtype, elementCount(shape));
    readStrided(numbersOf(x!), out, shape, broadcastStrides(x!.shape, shape));
    return [tensor(x!.dtype, shape, out)];
  },
  gradient: (b, op, [g]) => [g === undefined ? g : ops.sumTo(b, g, b.typeOf(op.inputs[0]!).shape)],
};

/** Whether a window fits; what depends on the batch in a way that is not known here passes. */
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

export const slice: Primitive = {
  name: "slice",
  doc: "`size` elements along each axis from `begin`, every `stride`-th.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const size = shapeAt(attributes, "size");
    const stride = integersAt(attributes, "stride", x.shape.length, 1);
    wantWindow(x, x.shape, shapeAt(attributes, "begin"), size, stride);
    return [{ dtype: x.dtype, shape: size }];
  },
  evaluate([x], attributes, { batch }) {
    const begin = evaluateShape(shapeAt(attributes, "begin"), batch);
    const shape = evaluateShape(shapeAt(attributes, "size"), batch);
    const stride = numbersAt(attributes, "stride");
    const own = stridesOf(x!.shape);
    const out = allocate(x!.dtype, elementCount(shape));
    const offset = own.reduce((total, s, i) => total + s * begin[i]!, 0);
    readStrided(
      numbersOf(x!),
      out,
      shape,
      own.map((s, i) => s * stride[i]!),
      offset,
    );
    return [tensor(x!.dtype, shape, out)];
  },
  gradient(b, op, [g]) {
    const begin = shapeAt(op.attributes, "begin");
    const stride = numbersAt(op.attributes, "stride");
    return [g === undefined ? g : ops.place(b, g, begin, b.typeOf(op.inputs[0]!).shape, stride)];
  },
};

export const place: Primitive = {
  name: "place",
  doc: "Zeros of `shape` with x where a slice of this begin and stride would read it.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const shape = shapeAt(attributes, "shape");
    const stride = integersAt(attributes, "stride", x.shape.length, 1);
    wantWindow(x, shape, shapeAt(attributes, "begin"), x.shape, stride);
    return [{ dtype: x.dtype, shape }];
  },
  evaluate([x], attributes, { batch }) {
    const begin = evaluateShape(shapeAt(attributes, "begin"), batch);
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const stride = numbersAt(attributes, "stride");
    const own = stridesOf(shape);
    const out = allocate(x!.dtype, elementCount(shape));
    const offset = own.reduce((total, s, i) => total + s * begin[i]!, 0);
    const to = own.map((s, i) => s * stride[i]!);
    copyStrided(dense(x!), { data: out, strides: to, offset }, x!.shape);
    return [tensor(x!.dtype, shape, out)];
  },
  gradient(b, op, [g]) {
    const begin = shapeAt(op.attributes, "begin");
    const stride = numbersAt(op.attributes, "stride");
    return [g === undefined ? g : ops.slice(b, g, begin, b.typeOf(op.inputs[0]!).shape, stride)];
  },
};

export const pad: Primitive = {
  name: "pad",
  doc: "`before` and `after` each axis, with `value`.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    const before = shapeAt(attributes, "before");
    const after = shapeAt(attributes, "after");
    numberAt(attributes, "value");
    if (before.length !== x.shape.length || after.length !== x.shape.length) {
      throw new Error(`pads ${showShape(before)} and ${showShape(after)} for ${showType(x)}`);
    }
    const shape = x.shape.map((d, i) => {
      const part = add(before[i]!, d);
      const whole = part === undefined ? undefined : add(part, after[i]!);
      if (whole === undefined) throw new Error(`cannot pad axis ${i} of ${showType(x)}: no c·Bᵏ`);
      return whole;
    });
    return [{ dtype: x.dtype, shape }];
  },
  evaluate([x], attributes, { batch }) {
    const before = evaluateShape(shapeAt(attributes, "before"), batch);
    const after = evaluateShape(shapeAt(attributes, "after"), batch);
    const shape = x!.shape.map((d, i) => before[i]! + d + after[i]!);
    const own = stridesOf(shape);
    const out = allocate(x!.dtype, elementCount(shape)).fill(numberAt(attributes, "value"));
    const offset = own.reduce((total, s, i) => total + s * before[i]!, 0);
    copyStrided(dense(x!), { data: out, strides: own, offset }, x!.shape);
    return [tensor(x!.dtype, shape, out)];
  },
  gradient(b, op, [g]) {
    const before = shapeAt(op.attributes, "before");
    return [g === undefined ? g : ops.slice(b, g, before, b.typeOf(op.inputs[0]!).shape)];
  },
};

export const concat: Primitive = {
  name: "concat",
  doc: "Along one axis.",
  infer(inputs, attributes) {
    const [first] = inputs;
    if (first === undefined) throw new Error("takes at least 1 input");
    const axis = axisAt(attributes, "axis", first.shape.length);
    const total = inputs.reduce<Dimension | undefined>((sum, x) => {
      const same = x.shape.length === first.shape.length && x.dtype === first.dtype;
      if (!same || !x.shape.every((d, i) => i === axis || sameDimension(d, first.shape[i]!))) {
        throw new Error(`cannot join ${inputs.map(showType).join(", ")} along axis ${axis}`);
      }
      return sum === undefined ? sum : add(sum, x.shape[axis]!);
    }, 0);
    if (total === undefined) throw new Error(`cannot join ${inputs.map(showType).join(", ")}: no c·Bᵏ`);
    return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) }];
  },
  evaluate(inputs, attributes) {
    const axis = numberAt(attributes, "axis");
    const total = inputs.reduce((n, x) => n + x.shape[axis]!, 0);
    const shape = inputs[0]!.shape.map((d, i) => (i === axis ? total : d));
    const own = stridesOf(shape);
    const out = allocate(inputs[0]!.dtype, elementCount(shape));
    let at = 0;
    for (const x of inputs) {
      copyStrided(dense(x), { data: out, strides: own, offset: at * own[axis]! }, x.shape);
      at += x.shape[axis]!;
    }
    return [tensor(inputs[0]!.dtype, shape, out)];
  },
  gradient(b, op, [g], needed) {
    if (g === undefined) return [];
    const axis = numberAt(op.attributes, "axis");
    let at: Dimension = 0;
    return op.inputs.map((x, i) => {
      const { shape } = b.typeOf(x);
      const from = at;
      at = add(at, shape[axis]!)!;
      return needed[i] === true ? ops.sliceAxis(b, g, axis, from, shape[axis]!) : undefined;
    });
  },
};

export const reverse: Primitive = {
  name: "reverse",
  doc: "The order along these axes.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    axesAt(attributes, "axes", x.shape.length);
    return [x];
  },
  evaluate([x], attributes) {
    const axes = numbersAt(attributes, "axes");
    const own = stridesOf(x!.shape);
    const out = allocate(x!.dtype, elementCount(x!.shape));
    const offset = axes.reduce((total, a) => total + own[a]! * (x!.shape[a]! - 1), 0);
    readStrided(
      numbersOf(x!),
      out,
      x!.shape,
      own.map((s, i) => (axes.includes(i) ? -s : s)),
      offset,
    );
    return [tensor(x!.dtype, x!.shape, out)];
  },
  gradient: (b, op, [g]) => [g === undefined ? g : ops.reverse(b, g, numbersAt(op.attributes, "axes"))],
};
