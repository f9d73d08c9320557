import {
  evaluateShape,
  fourSides,
  sameDimension,
  sameShape,
  type Dimension,
  type Shape,
} from "../dimension.js";
import { addWindows, windowsOf, type ConvolutionSize } from "../kernels/convolution.js";
import { floatsOf, lastTwo, tensor } from "../kernels/host.js";
import { matmulInto } from "../kernels/matmul.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { definePrimitive, showType, wantDtype, wantRank, wantShape } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const matmul = definePrimitive(ops.matmulSignature, {
  costly: true,
  doc: "Of the last two axes, one of each leading place; either side may be read transposed.",
  infer([x, y], attributes) {
    const { transposeA, transposeB } = attributes;
    const rank = x.shape.length;
    if (rank < 2 || y.shape.length !== rank || x.dtype !== "float" || y.dtype !== "float") {
      throw new Error(`takes two floats of one rank from 2, not ${showType(x)} and ${showType(y)}`);
    }
    const [m, k] = sides(x.shape, transposeA);
    const [l, n] = sides(y.shape, transposeB);
    const lead = x.shape.slice(0, -2);
    if (!sameDimension(k, l) || !sameShape(lead, y.shape.slice(0, -2))) {
      throw new Error(`cannot multiply ${showType(x)} and ${showType(y)} ${JSON.stringify(attributes)}`);
    }
    return { dtype: "float", shape: [...lead, m, n] };
  },
  evaluate([x, y], { transposeA, transposeB }) {
    const [m, k] = sides(x.shape, transposeA);
    const [, n] = sides(y.shape, transposeB);
    const lead = x.shape.slice(0, -2);
    const out = new Float64Array(elementCount(lead) * m * n);
    const [p, q] = [floatsOf(x), floatsOf(y)];
    for (let i = 0; i < elementCount(lead); i++) {
      matmulInto({
        a: { data: p, at: i * m * k, transposed: transposeA },
        b: { data: q, at: i * k * n, transposed: transposeB },
        out: { data: out, at: i * m * n },
        sizes: [m, k, n],
      });
    }
    return tensor("float", [...lead, m, n], out);
  },
  multiplyAdds({ inputs: [x], output, attributes: { transposeA } }) {
    const [, terms] = sides(x, transposeA);
    return elementCount(output) * terms;
  },
  gradient(b, { inputs: [x, y], attributes: { transposeA: a, transposeB: c } }, g, [first, second]) {
    const toX = () =>
      a ? ops.matmul(b, y, g, { transposeA: c, transposeB: true }) : ops.matmul(b, g, y, { transposeB: !c });
    const toY = () =>
      c ? ops.matmul(b, g, x, { transposeA: true, transposeB: a }) : ops.matmul(b, x, g, { transposeA: !a });
    return [first ? toX() : undefined, second ? toY() : undefined];
  },
});

function sides<D>(shape: readonly D[], transpose: boolean): [D, D] {
  const [rows, columns] = lastTwo(shape);
  return transpose ? [columns, rows] : [rows, columns];
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
export function outSides(x: Shape, filter: Shape, g: ops.Geometry): [number, number] {
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

function convolved<D extends Dimension>(
  x: readonly D[],
  filter: readonly D[],
  g: ops.Geometry,
): (D | number)[] {
  const [batch, , , channels] = fourSides(x);
  const [, , inChannels, outChannels] = fourSides(filter);
  if (!sameDimension(channels, inChannels))
    throw new Error(`takes an image [N, H, W, C] and a filter [h, w, C, O]`);
  return [batch, ...outSides(x, filter, g), outChannels];
}

function sizeOf(
  x: readonly number[],
  filter: readonly number[],
  out: readonly number[],
  g: ops.Geometry,
): ConvolutionSize {
  const [batch, height, width, channels] = fourSides(x);
  const [filterHeight, filterWidth] = fourSides(filter);
  const [, outHeight, outWidth, outChannels] = fourSides(out);
  return {
    batch,
    height,
    width,
    channels,
    filterHeight,
    filterWidth,
    outHeight,
    outWidth,
    outChannels,
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

export const conv2d = definePrimitive(ops.conv2dSignature, {
  costly: true,
  doc: "Correlation of x [N, H, W, C] with a filter [h, w, C, O].",
  infer([x, filter], g) {
    wantFloats([x, filter]);
    return { dtype: "float", shape: convolved(x.shape, filter.shape, g) };
  },
  evaluate([x, filter], g) {
    const shape = convolved(x.shape, filter.shape, g);
    const s = sizeOf(x.shape, filter.shape, shape, g);
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const windows = new Float64Array(rows * taps);
    const out = new Float64Array(elementCount(shape));
    const [image, weights] = [floatsOf(x), floatsOf(filter)];
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
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [, filter], output }) => elementCount(output) * elementCount(filter.slice(0, 3)),
  gradient(b, { inputs: [x, filter], attributes: o }, g, [first, second]) {
    return [
      first ? ops.conv2dInputGrad(b, g, filter, b.typeOf(x).shape, o) : undefined,
      second ? ops.conv2dFilterGrad(b, x, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
});

export const conv2d_input_grad = definePrimitive(ops.conv2dInputGradSignature, {
  costly: true,
  doc: "The gradient of conv2d to its input of `shape`, from the output's gradient and the filter.",
  infer([g, filter], attributes) {
    wantFloats([g, filter]);
    wantShape(g, convolved(attributes.shape, filter.shape, attributes));
    return { dtype: "float", shape: attributes.shape };
  },
  evaluate([g, filter], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const s = sizeOf(shape, filter.shape, g.shape, attributes);
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const out = new Float64Array(elementCount(shape));
    const [from, weights] = [floatsOf(g), floatsOf(filter)];
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
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [g, filter] }) => elementCount(g) * elementCount(filter.slice(0, 3)),
  gradient(b, { inputs: [g, filter], attributes: o }, h, [first, second]) {
    return [
      first ? ops.conv2d(b, h, filter, o) : undefined,
      second ? ops.conv2dFilterGrad(b, h, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
});

export const conv2d_filter_grad = definePrimitive(ops.conv2dFilterGradSignature, {
  costly: true,
  doc: "The gradient of conv2d to its filter of `shape`, from the input and the output's gradient.",
  infer([x, g], attributes) {
    wantFloats([x, g]);
    wantShape(g, convolved(x.shape, attributes.shape, attributes));
    return { dtype: "float", shape: attributes.shape };
  },
  evaluate([x, g], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const s = sizeOf(x.shape, shape, g.shape, attributes);
    const [rows, taps] = [s.outHeight * s.outWidth, s.filterHeight * s.filterWidth * s.channels];
    const windows = new Float64Array(rows * taps);
    const out = new Float64Array(elementCount(shape));
    const [image, from] = [floatsOf(x), floatsOf(g)];
    for (let i = 0; i < s.batch; i++) {
      windowsOf(image, i, s, windows);
      matmulInto({
        a: { data: windows, at: 0, transposed: true },
        b: { data: from, at: i * rows * s.outChannels },
        out: { data: out, at: 0 },
        sizes: [taps, rows, s.outChannels],
      });
    }
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [, g], output }) => elementCount(g) * elementCount(output.slice(0, 3)),
  gradient(b, { inputs: [x, g], attributes: o }, h, [first, second]) {
    return [
      first ? ops.conv2dInputGrad(b, g, h, b.typeOf(x).shape, o) : undefined,
      second ? ops.conv2d(b, x, h, o) : undefined,
    ];
  },
});
