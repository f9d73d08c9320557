import { greatest } from "../../runtime/extremes.js";
import { evaluateShape, fourSides, type Dimension } from "../dimension.js";
import { windowTaps } from "../kernels/convolution.js";
import { allocate, floatsOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import { outSides } from "./linear.js";
import { definePrimitive, wantDtype, wantRank, wantShape } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

function pooled<D extends Dimension>(x: readonly D[], g: ops.PoolGeometry): (D | number)[] {
  const [batch, , , channels] = fourSides(x);
  return [batch, ...outSides(x, g.window, { ...g, dilations: [1, 1] }), channels];
}

/** Throws where padding is as wide as the window: some windows would have no element to take a maximum of. */
function wantTaps({ padding: [rows, columns], window: [height, width] }: ops.PoolGeometry): void {
  if (greatest(rows) >= height || greatest(columns) >= width) throw new Error("pads by a whole window");
}

function tapsIn(x: readonly number[], out: readonly number[], g: ops.PoolGeometry): Int32Array {
  return windowTaps(x, out, { ...g, dilations: [1, 1] });
}

/** Calls `visit` for every element of every window, with its flat place in the example and in the batch. */
function eachElement(
  x: readonly number[],
  out: readonly number[],
  g: ops.PoolGeometry,
  visit: (result: number, inExample: number, inBatch: number) => void,
): void {
  const [batch, height, width, channels] = fourSides(x);
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
  g: ops.PoolGeometry,
): [readonly number[], Int32Array] {
  const shape = pooled(x, g);
  const best = new Float64Array(elementCount(shape));
  const places = new Int32Array(best.length).fill(-1);
  eachElement(x, shape, g, (o, place, at) => {
    if (places[o]! >= 0 && !(image[at]! > best[o]!)) return;
    best[o] = image[at]!;
    places[o] = place;
  });
  return [shape, places];
}

export const max_pool = definePrimitive(ops.maxPoolSignature, {
  doc: "The maximum of each window; padding counts as −∞, the gradient goes to the first maximum.",
  infer([x], g) {
    wantDtype(x, "float");
    wantTaps(g);
    return { dtype: "float", shape: pooled(x.shape, g) };
  },
  evaluate([x], g) {
    const image = floatsOf(x);
    const [shape, places] = maxima(image, x.shape, g);
    const [size, count] = [elementCount(x.shape.slice(1)), elementCount(shape.slice(1))];
    const out = allocate("float", places.length);
    for (let i = 0; i < out.length; i++) out[i] = image[Math.floor(i / count) * size + places[i]!]!;
    return tensor("float", shape, out);
  },
  gradient(b, { inputs: [x], attributes }, g) {
    const places = ops.maxPoolArgmax(b, x, attributes);
    return [ops.poolScatter(b, g, places, b.typeOf(x).shape)];
  },
});

export const max_pool_argmax = definePrimitive(ops.maxPoolArgmaxSignature, {
  doc: "Where in one example's h·w·c elements each window's first maximum is.",
  infer([x], g) {
    wantDtype(x, "float");
    wantTaps(g);
    return { dtype: "int", shape: pooled(x.shape, g) };
  },
  evaluate([x], g) {
    const [shape, places] = maxima(floatsOf(x), x.shape, g);
    return tensor("int", shape, places);
  },
});

export const sum_pool = definePrimitive(ops.sumPoolSignature, {
  doc: "The sum of each window; padding counts as 0.",
  infer([x], g) {
    wantDtype(x, "float");
    return { dtype: "float", shape: pooled(x.shape, g) };
  },
  evaluate([x], g) {
    const shape = pooled(x.shape, g);
    const out = new Float64Array(elementCount(shape));
    const image = floatsOf(x);
    eachElement(x.shape, shape, g, (o, _place, at) => {
      out[o]! += image[at]!;
    });
    return tensor("float", shape, out);
  },
  gradient: (b, { inputs: [x], attributes }, g) => [ops.sumPoolGrad(b, g, b.typeOf(x).shape, attributes)],
});

export const sum_pool_grad = definePrimitive(ops.sumPoolGradSignature, {
  doc: "The gradient of sum_pool to its input of `shape`.",
  infer([g], attributes) {
    wantDtype(g, "float");
    wantRank(g, 4);
    wantShape(g, pooled(attributes.shape, attributes));
    return { dtype: "float", shape: attributes.shape };
  },
  evaluate([g], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const out = new Float64Array(elementCount(shape));
    const from = floatsOf(g);
    eachElement(shape, g.shape, attributes, (o, _place, at) => {
      out[at]! += from[o]!;
    });
    return tensor("float", shape, out);
  },
  gradient: (b, { attributes }, g) => [ops.sumPool(b, g, attributes)],
});
