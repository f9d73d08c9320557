import { shapeAt } from "../attributes.js";
import { evaluateShape, sameDimension, type Shape } from "../dimension.js";
import { windowTaps } from "../kernels/convolution.js";
import { floatsOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { geometryOf, outSides, type Geometry } from "./linear.js";
import { take2, wantDtype, wantRank, wantShape, type Primitive } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

function convolved(x: Shape, filter: Shape, g: Geometry): Shape {
  const [channels, multiplier] = [x[3], filter[3]];
  if (filter.length !== 4 || typeof channels !== "number" || typeof multiplier !== "number") {
    throw new Error("takes an image [N, H, W, C] and a filter [h, w, C, M]");
  }
  if (!sameDimension(channels, filter[2]!))
    throw new Error(`takes one number of channels in image and filter`);
  return [x[0]!, ...outSides(x, filter, g), channels * multiplier];
}

function wantFloats(types: readonly TensorType[]): void {
  for (const type of types) {
    wantDtype(type, "float");
    wantRank(type, 4);
  }
}

/** Calls `visit` for every product that a depthwise convolution is a sum of. */
function eachProduct(
  x: readonly number[],
  filter: readonly number[],
  out: readonly number[],
  g: Geometry,
  visit: (image: number, weight: number, result: number) => void,
): void {
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [filterHeight, filterWidth, , multiplier] = filter as [number, number, number, number];
  const [, outHeight, outWidth] = out as [number, number, number, number];
  const window = filterHeight * filterWidth;
  const taps = windowTaps(x, out, { ...g, window: [filterHeight, filterWidth] });
  for (let n = 0; n < batch; n++) {
    for (let t = 0; t < taps.length; t++) {
      if (taps[t]! < 0) continue;
      const image = (n * height * width + taps[t]!) * channels;
      const weight = (t % window) * channels * multiplier;
      const result = (n * outHeight * outWidth + Math.floor(t / window)) * channels * multiplier;
      for (let k = 0; k < channels * multiplier; k++) {
        visit(image + Math.floor(k / multiplier), weight + k, result + k);
      }
    }
  }
}

export const depthwise_conv2d: Primitive = {
  costly: true,
  name: "depthwise_conv2d",
  doc: "Correlation of each channel with its own filters [h, w, C, M]; output channel c·M + m.",
  infer(inputs, attributes) {
    const [x, filter] = take2(inputs);
    wantFloats(inputs);
    return [{ dtype: "float", shape: convolved(x.shape, filter.shape, geometryOf(attributes)) }];
  },
  evaluate([x, filter], attributes) {
    const g = geometryOf(attributes);
    const shape = convolved(x!.shape, filter!.shape, g) as readonly number[];
    const out = new Float64Array(elementCount(shape));
    const [image, weights] = [floatsOf(x!), floatsOf(filter!)];
    eachProduct(x!.shape, filter!.shape, shape, g, (i, w, o) => {
      out[o]! += image[i]! * weights[w]!;
    });
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [, filter], outputs: [out] }) =>
    elementCount(out!) * elementCount(filter!.slice(0, 2)),
  gradient(b, op, [g], [first, second]) {
    if (g === undefined) return [];
    const [x, filter] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.depthwiseConv2dInputGrad(b, g, filter, b.typeOf(x).shape, o) : undefined,
      second === true ? ops.depthwiseConv2dFilterGrad(b, x, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
};

export const depthwise_conv2d_input_grad: Primitive = {
  costly: true,
  name: "depthwise_conv2d_input_grad",
  doc: "The gradient of depthwise_conv2d to its input of `shape`.",
  infer(inputs, attributes) {
    const [g, filter] = take2(inputs);
    wantFloats(inputs);
    const shape = shapeAt(attributes, "shape");
    wantShape(g, convolved(shape, filter.shape, geometryOf(attributes)));
    return [{ dtype: "float", shape }];
  },
  evaluate([g, filter], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const out = new Float64Array(elementCount(shape));
    const [from, weights] = [floatsOf(g!), floatsOf(filter!)];
    eachProduct(shape, filter!.shape, g!.shape, geometryOf(attributes), (i, w, o) => {
      out[i]! += from[o]! * weights[w]!;
    });
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [g, filter] }) => elementCount(g!) * elementCount(filter!.slice(0, 2)),
  gradient(b, op, [h], [first, second]) {
    if (h === undefined) return [];
    const [g, filter] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.depthwiseConv2d(b, h, filter, o) : undefined,
      second === true ? ops.depthwiseConv2dFilterGrad(b, h, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
};

export const depthwise_conv2d_filter_grad: Primitive = {
  costly: true,
  name: "depthwise_conv2d_filter_grad",
  doc: "The gradient of depthwise_conv2d to its filter of `shape`.",
  infer(inputs, attributes) {
    const [x, g] = take2(inputs);
    wantFloats(inputs);
    const shape = shapeAt(attributes, "shape");
    wantShape(g, convolved(x.shape, shape, geometryOf(attributes)));
    return [{ dtype: "float", shape }];
  },
  evaluate([x, g], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const out = new Float64Array(elementCount(shape));
    const [image, from] = [floatsOf(x!), floatsOf(g!)];
    eachProduct(x!.shape, shape, g!.shape, geometryOf(attributes), (i, w, o) => {
      out[w]! += image[i]! * from[o]!;
    });
    return [tensor("float", shape, out)];
  },
  multiplyAdds: ({ inputs: [, g], outputs: [filter] }) =>
    elementCount(g!) * elementCount(filter!.slice(0, 2)),
  gradient(b, op, [h], [first, second]) {
    if (h === undefined) return [];
    const [x, g] = take2(op.inputs);
    const o = geometryOf(op.attributes);
    return [
      first === true ? ops.depthwiseConv2dInputGrad(b, g, h, b.typeOf(x).shape, o) : undefined,
      second === true ? ops.depthwiseConv2d(b, x, h, o) : undefined,
    ];
  },
};
