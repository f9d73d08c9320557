import { evaluateShape, fourSides, sameDimension, type Dimension } from "../dimension.js";
import { windowTaps } from "../kernels/convolution.js";
import { floatsOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { outSides } from "./linear.js";
import { definePrimitive, wantDtype, wantRank, wantShape } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

function convolved<D extends Dimension>(
  x: readonly D[],
  filter: readonly D[],
  g: ops.Geometry,
): (D | number)[] {
  const [batch, , , channels] = fourSides(x);
  const [, , inChannels, multiplier] = fourSides(filter);
  if (typeof channels !== "number" || typeof multiplier !== "number")
    throw new Error("takes an image [N, H, W, C] and a filter [h, w, C, M]");
  if (!sameDimension(channels, inChannels))
    throw new Error(`takes one number of channels in image and filter`);
  return [batch, ...outSides(x, filter, g), channels * multiplier];
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
  g: ops.Geometry,
  visit: (image: number, weight: number, result: number) => void,
): void {
  const [batch, height, width, channels] = fourSides(x);
  const [filterHeight, filterWidth, , multiplier] = fourSides(filter);
  const [, outHeight, outWidth] = fourSides(out);
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

export const depthwise_conv2d = definePrimitive(ops.depthwiseConv2dSignature, {
  costly: true,
  doc: "Correlation of each channel with its own filters [h, w, C, M]; output channel c·M + m.",
  infer([x, filter], g) {
    wantFloats([x, filter]);
    return { dtype: "float", shape: convolved(x.shape, filter.shape, g) };
  },
  evaluate([x, filter], g) {
    const shape = convolved(x.shape, filter.shape, g);
    const out = new Float64Array(elementCount(shape));
    const [image, weights] = [floatsOf(x), floatsOf(filter)];
    eachProduct(x.shape, filter.shape, shape, g, (i, w, o) => {
      out[o]! += image[i]! * weights[w]!;
    });
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [, filter], output }) => elementCount(output) * elementCount(filter.slice(0, 2)),
  gradient(b, { inputs: [x, filter], attributes: o }, g, [first, second]) {
    return [
      first ? ops.depthwiseConv2dInputGrad(b, g, filter, b.typeOf(x).shape, o) : undefined,
      second ? ops.depthwiseConv2dFilterGrad(b, x, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
});

export const depthwise_conv2d_input_grad = definePrimitive(ops.depthwiseConv2dInputGradSignature, {
  costly: true,
  doc: "The gradient of depthwise_conv2d to its input of `shape`.",
  infer([g, filter], attributes) {
    wantFloats([g, filter]);
    wantShape(g, convolved(attributes.shape, filter.shape, attributes));
    return { dtype: "float", shape: attributes.shape };
  },
  evaluate([g, filter], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const out = new Float64Array(elementCount(shape));
    const [from, weights] = [floatsOf(g), floatsOf(filter)];
    eachProduct(shape, filter.shape, g.shape, attributes, (i, w, o) => {
      out[i]! += from[o]! * weights[w]!;
    });
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [g, filter] }) => elementCount(g) * elementCount(filter.slice(0, 2)),
  gradient(b, { inputs: [g, filter], attributes: o }, h, [first, second]) {
    return [
      first ? ops.depthwiseConv2d(b, h, filter, o) : undefined,
      second ? ops.depthwiseConv2dFilterGrad(b, h, g, b.typeOf(filter).shape, o) : undefined,
    ];
  },
});

export const depthwise_conv2d_filter_grad = definePrimitive(ops.depthwiseConv2dFilterGradSignature, {
  costly: true,
  doc: "The gradient of depthwise_conv2d to its filter of `shape`.",
  infer([x, g], attributes) {
    wantFloats([x, g]);
    wantShape(g, convolved(x.shape, attributes.shape, attributes));
    return { dtype: "float", shape: attributes.shape };
  },
  evaluate([x, g], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const out = new Float64Array(elementCount(shape));
    const [image, from] = [floatsOf(x), floatsOf(g)];
    eachProduct(x.shape, shape, g.shape, attributes, (i, w, o) => {
      out[w]! += image[i]! * from[o]!;
    });
    return tensor("float", shape, out);
  },
  multiplyAdds: ({ inputs: [, g], output }) => elementCount(g) * elementCount(output.slice(0, 2)),
  gradient(b, { inputs: [x, g], attributes: o }, h, [first, second]) {
    return [
      first ? ops.depthwiseConv2dInputGrad(b, g, h, b.typeOf(x).shape, o) : undefined,
      second ? ops.depthwiseConv2d(b, x, h, o) : undefined,
    ];
  },
});
