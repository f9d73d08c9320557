import { integersAt, paddingAt, shapeAt, type Padding } from "../attributes.js";
import { evaluateShape, type Shape } from "../dimension.js";
import type { Attributes } from "../emitter.js";
import { windowTaps } from "../kernels/convolution.js";
import { allocate, floatsOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import { outSides } from "./linear.js";
import { noGradient, take1, wantDtype, wantRank, wantShape, type Primitive } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export interface PoolGeometry {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

export function poolGeometryOf(attributes: Attributes): PoolGeometry {
  const pair = (key: string): [number, number] => {
    const [h, w] = integersAt(attributes, key, 2, 1);
    return [h!, w!];
  };
  return { window: pair("window"), strides: pair("strides"), padding: paddingAt(attributes, "padding") };
}

function pooled(x: Shape, g: PoolGeometry): Shape {
  if (x.length !== 4) throw new Error("takes an image [N, H, W, C]");
  return [x[0]!, ...outSides(x, g.window, { ...g, dilations: [1, 1] }), x[3]!];
}

/** Where padding is as wide as a window, a maximum could be of nothing. */
function wantTaps(g: PoolGeometry): void {
  g.padding.forEach((sides, axis) => {
    if (sides.some((p) => p >= g.window[axis as 0 | 1])) throw new Error("pads by a whole window");
  });
}

function tapsIn(x: readonly number[], out: readonly number[], g: PoolGeometry): Int32Array {
  return windowTaps(x, out, { ...g, dilations: [1, 1] });
}

/** Calls `visit` for every element of every window, with its flat place in the example and in the batch. */
function eachElement(
  x: readonly number[],
  out: readonly number[],
  g: PoolGeometry,
  visit: (result: number, inExample: number, inBatch: number) => void,
): void {
  const [batch, height, width, channels] = x as [number, number, number, number];
  const window = g.window[0] * g.window[1];
  const taps = tapsIn(x, out, g);
  for (let n = 0; n < batch; n++) {
    const example = n * height * width * channels;
    for (let t = 0; t < taps.length; t++) {
      if (taps[t]! < 0) continue;
      const result = (n * (taps.length / window) + Math.floor(t / window)) * channels;
      for (let c = 0; c < channels; c++) {
        const place = taps[t]! * channels + c;
        visit(result + c, place, example + place);
      }
    }
  }
}

function maxima(
  image: Float64Array,
  x: readonly number[],
  attributes: Attributes,
): [readonly number[], Int32Array] {
  const g = poolGeometryOf(attributes);
  const shape = pooled(x, g) as readonly number[];
  const best = new Float64Array(elementCount(shape));
  const places = new Int32Array(best.length).fill(-1);
  eachElement(x, shape, g, (o, place, at) => {
    if (places[o]! >= 0 && !(image[at]! > best[o]!)) return;
    best[o] = image[at]!;
    places[o] = place;
  });
  return [shape, places];
}

export const max_pool: Primitive = {
  name: "max_pool",
  doc: "The maximum of each window; padding counts as −∞, the gradient goes to the first maximum.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    wantDtype(x, "float");
    const g = poolGeometryOf(attributes);
    wantTaps(g);
    return [{ dtype: "float", shape: pooled(x.shape, g) }];
  },
  evaluate([x], attributes) {
    const image = floatsOf(x!);
    const [shape, places] = maxima(image, x!.shape, attributes);
    const [size, count] = [elementCount(x!.shape.slice(1)), elementCount(shape.slice(1))];
    const out = allocate("float", places.length);
    for (let i = 0; i < out.length; i++) out[i] = image[Math.floor(i / count) * size + places[i]!]!;
    return [tensor("float", shape, out)];
  },
  gradient(b, op, [g]) {
    if (g === undefined) return [];
    const [x] = take1(op.inputs);
    const places = ops.maxPoolArgmax(b, x, poolGeometryOf(op.attributes));
    return [ops.poolScatter(b, g, places, b.typeOf(x).shape)];
  },
};

export const max_pool_argmax: Primitive = {
  name: "max_pool_argmax",
  doc: "Where in one example's h·w·c elements each window's first maximum is.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    wantDtype(x, "float");
    const g = poolGeometryOf(attributes);
    wantTaps(g);
    return [{ dtype: "int", shape: pooled(x.shape, g) }];
  },
  evaluate([x], attributes) {
    const [shape, places] = maxima(floatsOf(x!), x!.shape, attributes);
    return [tensor("int", shape, places)];
  },
  gradient: noGradient,
  constant: true,
};

export const sum_pool: Primitive = {
  name: "sum_pool",
  doc: "The sum of each window; padding counts as 0.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    wantDtype(x, "float");
    return [{ dtype: "float", shape: pooled(x.shape, poolGeometryOf(attributes)) }];
  },
  evaluate([x], attributes) {
    const g = poolGeometryOf(attributes);
    const shape = pooled(x!.shape, g) as readonly number[];
    const out = new Float64Array(elementCount(shape));
    const image = floatsOf(x!);
    eachElement(x!.shape, shape, g, (o, _place, at) => {
      out[o]! += image[at]!;
    });
    return [tensor("float", shape, out)];
  },
  gradient(b, op, [g]) {
    const { shape } = b.typeOf(op.inputs[0]!);
    return [g === undefined ? g : ops.sumPoolGrad(b, g, shape, poolGeometryOf(op.attributes))];
  },
};

export const sum_pool_grad: Primitive = {
  name: "sum_pool_grad",
  doc: "The gradient of sum_pool to its input of `shape`.",
  infer(inputs, attributes) {
    const [g] = take1(inputs);
    wantDtype(g, "float");
    wantRank(g, 4);
    const shape = shapeAt(attributes, "shape");
    wantShape(g, pooled(shape, poolGeometryOf(attributes)));
    return [{ dtype: "float", shape }];
  },
  evaluate([g], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const out = new Float64Array(elementCount(shape));
    const from = floatsOf(g!);
    eachElement(shape, g!.shape, poolGeometryOf(attributes), (o, _place, at) => {
      out[at]! += from[o]!;
    });
    return [tensor("float", shape, out)];
  },
  gradient: (b, op, [h]) => [h === undefined ? h : ops.sumPool(b, h, poolGeometryOf(op.attributes))],
};
