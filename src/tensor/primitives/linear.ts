import { booleanAt, integersAt, paddingAt, shapeAt, type Padding } from "../attributes.js";
import { evaluateShape, sameDimension, sameShape, type Shape } from "../dimension.js";
import type { Attributes, Builder } from "../emitter.js";
import { addWindows, windowsOf, type ConvolutionSize } from "../kernels/convolution.js";
import { floatsOf, tensor } from "../kernels/host.js";
import { matmulInto } from "../kernels/matmul.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import {
  showType,
  take2,
  wantDtype,
  wantRank,
  wantShape,
  type MaybeValue,
  type Primitive,
} from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const matmul: Primitive = {
  costly: true,
  name: "matmul",
  doc: "Of the last two axes, one of each leading place; either side may be read transposed.",
  infer(inputs, attributes) {
    const [x, y] = take2(inputs);
    const rank = x.shape.length;
    if (rank < 2 || y.shape.length !== rank || x.dtype !== "float" || y.dtype !== "float") {
      throw new Error(`takes two floats of one rank from 2, not ${showType(x)} and ${showType(y)}`);
    }
    const [m, k] = sides(x.shape, booleanAt(attributes, "transposeA"));
    const [l, n] = sides(y.shape, booleanAt(attributes, "transposeB"));
    const lead = x.shape.slice(0, -2);
    if (!sameDimension(k, l) || !sameShape(lead, y.shape.slice(0, -2))) {
      throw new Error(`cannot multiply ${showType(x)} and ${showType(y)} ${JSON.stringify(attributes)}`);
    }
    return [{ dtype: "float", shape: [...lead, m, n] }];
  },
  evaluate([x, y], attributes) {
    const [transposeA, transposeB] = [
      booleanAt(attributes, "transposeA"),
      booleanAt(attributes, "transposeB"),
    ];
    const [m, k] = sides(x!.shape, transposeA);
    const [, n] = sides(y!.shape, transposeB);
    const lead = x!.shape.slice(0, -2);
    const out = new Float64Array(elementCount(lead) * m * n);
    const [p, q] = [floatsOf(x!), floatsOf(y!)];
    for (let i = 0; i < elementCount(lead); i++) {
      matmulInto({
        a: { data: p, at: i * m * k, transposed: transposeA },
        b: { data: q, at: i * k * n, transposed: transposeB },
        out: { data: out, at: i * m * n },
        sizes: [m, k, n],
      });
    }
    return [tensor("float", [...lead, m, n], out)];
  },
  multiplyAdds({ inputs: [x], outputs: [out], attributes }) {
    const [, terms] = sides(x!, booleanAt(attributes, "transposeA"));
    return elementCount(out!) * terms;
  },
  gradient(b, op, [g], [first, second]) {
    if (g === undefined) return [];
    const [x, y] = take2(op.inputs);
    const [a, c] = [booleanAt(op.attributes, "transposeA"), booleanAt(op.attributes, "transposeB")];
    const toX = () =>
      a ? ops.matmul(b, y, g, { transposeA: c, transposeB: true }) : ops.matmul(b, g, y, { transposeB: !c });
    const toY = () =>
      c ? ops.matmul(b, g, x, { transposeA: true, transposeB: a }) : ops.matmul(b, x, g, { transposeA: !a });
    return [first === true ? toX() : undefined, second === true ? toY() : undefined];
  },
};

function sides<D>(shape: readonly D[], transpose: boolean): [D, D] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transpose ? [columns, rows] : [rows, columns];
}

export interface Geometry {
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilations: readonly [number, number];
}

export function geometryOf(attributes: Attributes): Geometry {
  const pair = (key: string): [number, number] => {
    const [h, w] = integersAt(attributes, key, 2, 1);
    return [h!, w!];
  };
  return {
    strides: pair("strides"),
    padding: paddingAt(attributes, "padding"),
    dilations: pair("dilations"),
  };
}

/** How many windows lie along an axis. */
export function windowCount(
  size: number,
  window: number,
  stride: number,
  [before, after]: readonly [number, number],
): number {
  return Math.floor((size + before + after - window) / stride) + 1;
}

/** Height and width of what a convolution gives. */
export function outSides(x: Shape, filter: Shape, g: Geometry): [number, number] {
  const side = (axis: 0 | 1): number => {
    const [size, window] = [x[axis + 1], filter[axis]];
    if (typeof size !== "number" || typeof window !== "number")
      throw new Error("takes an image of known size");
    const out = windowCount(size, (window - 1) * g.dilations[axis] + 1, g.strides[axis], g.padding[axis]);
    if (out < 1) throw new Error(`has no room for a window of ${window} in ${size}`);
    return out;
  };
  return [side(0), side(1)];
}

function convolved(x: Shape, filter: Shape, g: Geometry): Shape {
  if (x.length !== 4 || filter.length !== 4 || !sameDimension(x[3]!, filter[2]!)) {
    throw new Error(`takes an image [N, H, W, C] and a filter [h, w, C, O]`);
  }
  return [x[0]!, ...outSides(x, filter, g), filter[3]!];
}

function sizeOf(
  x: readonly number[],
  filter: readonly number[],
  out: readonly number[],
  g: Geometry,
): ConvolutionSize {
  return {
    batch: x[0]!,
    height: x[1]!,
    width: x[2]!,
    channels: x[3]!,
    filterHeight: filter[0]!,
    filterWidth: filter[1]!,
    outHeight: out[1]!,
    outWidth: out[2]!,
    outChannels: out[3]!,
    strides: g.strides,
    top: g.padding[0][0],
    left: g.padding[1][0],
    dilations: g.dilations,
  };
}

function wantFloats(types: readonly TensorType[]): void {
  for (const type of types) {
    wantDtype(type, "float");
    wantRank(type, 4);
  }
}

export const conv2d: Primitive = {
  costly: true,
  name: "conv2d",
  doc: "Correlation of x [N, H, W, C] with a filter [h, w, C, O].",
  infer(inputs, attributes) {
    const [x, filter] = take2(inputs);
    wantFloats(inputs);
    return [{ dtype: "float", shape: convolved(x.shape, filter.shape, geometryOf(attributes)) }];
  },
  evaluate([x, filter], attributes) {
    const g = geometryOf(attributes);
    const shape = convolved(x!.shape, filter!.shape, g) as readonly number[];
    const s = sizeOf(x!.shape, filter!.shape, shape, g);
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const windows = new Float64Array(rows * taps);
    const out = new Float64Array(elementCount(shape));
    const [image, weights] = [floatsOf(x!), floatsOf(filter!)];
    for (let i = 0; i < s.batch; i++) {
      windowsOf(image, i, s, windows);
      const at = i * rows * s.outChannels;
      matmulInto({
        a: { data: windows, at: 0 },
        b: { data: weights, at: 0 },
        out: { data: out, at },
        sizes: [rows, taps, s.outChannels],
      });
    }
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [, filter], outputs: [out] }) =>
    elementCount(out!) * elementCount(filter!.slice(0, 3)),
  gradient(b, op, [g], [first, second]): MaybeValue[] {
    if (g === undefined) return [];
    const [x, filter] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.conv2dInputGrad(b, g, filter, b.typeOf(x).shape, o) : undefined,
      second === true ? ops.conv2dFilterGrad(b, x, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
};

export const conv2d_input_grad: Primitive = {
  costly: true,
  name: "conv2d_input_grad",
  doc: "The gradient of conv2d to its input of `shape`, from the output's gradient and the filter.",
  infer(inputs, attributes) {
    const [g, filter] = take2(inputs);
    wantFloats(inputs);
    const shape = shapeAt(attributes, "shape");
    wantShape(g, convolved(shape, filter.shape, geometryOf(attributes)));
    return [{ dtype: "float", shape }];
  },
  evaluate([g, filter], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const s = sizeOf(shape, filter!.shape, g!.shape, geometryOf(attributes));
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const out = new Float64Array(elementCount(shape));
    const [from, weights] = [floatsOf(g!), floatsOf(filter!)];
    for (let i = 0; i < s.batch; i++) {
      const windows = new Float64Array(rows * taps);
      const at = i * rows * s.outChannels;
      matmulInto({
        a: { data: from, at },
        b: { data: weights, at: 0, transposed: true },
        out: { data: windows, at: 0 },
        sizes: [rows, s.outChannels, taps],
      });
      addWindows(windows, i, s, out);
    }
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [g, filter] }) => elementCount(g!) * elementCount(filter!.slice(0, 3)),
  gradient(b, op, [h], [first, second]): MaybeValue[] {
    if (h === undefined) return [];
    const [g, filter] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.conv2d(b, h, filter, o) : undefined,
      second === true ? ops.conv2dFilterGrad(b, h, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
};

export const conv2d_filter_grad: Primitive = {
  costly: true,
  name: "conv2d_filter_grad",
  doc: "The gradient of conv2d to its filter of `shape`, from the input and the output's gradient.",
  infer(inputs, attributes) {
    const [x, g] = take2(inputs);
    wantFloats(inputs);
    const shape = shapeAt(attributes, "shape");
    wantShape(g, convolved(x.shape, shape, geometryOf(attributes)));
    return [{ dtype: "float", shape }];
  },
  evaluate([x, g], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const s = sizeOf(x!.shape, shape, g!.shape, geometryOf(attributes));
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const windows = new Float64Array(rows * taps);
    const out = new Float64Array(elementCount(shape));
    const [image, from] = [floatsOf(x!), floatsOf(g!)];
    for (let i = 0; i < s.batch; i++) {
      windowsOf(image, i, s, windows);
      matmulInto({
        a: { data: windows, at: 0, transposed: true },
        b: { data: from, at: i * rows * s.outChannels },
        out: { data: out, at: 0 },
        sizes: [taps, rows, s.outChannels],
      });
    }
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [, g], outputs: [filter] }) =>
    elementCount(g!) * elementCount(filter!.slice(0, 3)),
  gradient(b: Builder, op, [h], [first, second]): MaybeValue[] {
    if (h === undefined) return [];
    const [x, g] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.conv2dInputGrad(b, g, h, b.typeOf(x).shape, o) : undefined,
      second === true ? ops.conv2d(b, x, h, o) : undefined,
    ];
  },
};
