import type { Padding } from "../../tensor/attributes.js";
import type { Shape } from "../../tensor/dimension.js";
import type { Site } from "../../tensor/site.js";
import { integersAttribute, textAttribute, typeAttribute, type Graph, type Ref } from "./graph.js";
import { pad } from "./shapes.js";
import type { GraphRow } from "./row.js";

type Pair = readonly [number, number];
type Convolution = Site<"conv2d" | "depthwise_conv2d">;

interface Window {
  /** The window's height and width, with the gaps that dilation makes. */
  readonly extent: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

const T = typeAttribute("float");
const format = textAttribute("NHWC");
const around = ([h, w]: Pair) => integersAttribute([1, h, w, 1]);

/** Height and width of images; the primitives' shape rules have made sure that neither depends on the batch. */
function sidesOf([, h, w]: Shape): Pair {
  if (typeof h !== "number" || typeof w !== "number") throw new Error("images of a size that is not known");
  return [h, w];
}

/** Whether TensorFlow's SAME means exactly this padding for an image of this size. */
function isSame(image: Pair, { extent, strides, padding }: Window): boolean {
  return padding.every(([before, after], i) => {
    const out = Math.ceil(image[i]! / strides[i]!);
    const total = Math.max(0, (out - 1) * strides[i]! + extent[i]! - image[i]!);
    return before === Math.floor(total / 2) && after === total - before;
  });
}

function padded(g: Graph, x: Ref, padding: Padding, value: number): Ref {
  if (padding.every(([before, after]) => before === 0 && after === 0)) return x;
  const side = (i: 0 | 1) => [0, padding[0][i], padding[1][i], 0];
  return pad(g, x, "float", { before: side(0), after: side(1), value });
}

/** The image, padded unless SAME does that, and the operation's padding mode. */
function framed(g: Graph, x: Ref, shape: Shape, window: Window, value: number): [Ref, string] {
  const none = window.padding.every(([before, after]) => before === 0 && after === 0);
  if (!none && isSame(sidesOf(shape), window)) return [x, "SAME"];
  return [padded(g, x, window.padding, value), "VALID"];
}

export function convolution(
  g: Graph,
  op: "Conv2D" | "DepthwiseConv2dNative",
  [x, filter]: readonly [Ref, Ref],
  { attributes: { strides, padding, dilations }, inputs: [image, { shape: window }], output }: Convolution,
): Ref {
  const [h, w] = sidesOf([1, ...window]);
  const extent: Pair = [(h - 1) * dilations[0] + 1, (w - 1) * dilations[1] + 1];
  const attr = { T, data_format: format, dilations: around(dilations) };
  // tfjs takes no strides together with dilations: with both, all windows are computed and every stride-th result is kept.
  const both = strides.some((s) => s > 1) && dilations.some((d) => d > 1);
  if (!both) {
    const [whole, kind] = framed(g, x, image.shape, { extent, strides, padding }, 0);
    return g.node(op, [whole, filter], { ...attr, strides: around(strides), padding: textAttribute(kind) });
  }
  const valid = { ...attr, strides: around([1, 1]), padding: textAttribute("VALID") };
  const all = g.node(op, [padded(g, x, padding, 0), filter], valid);
  return everyNth(g, all, strides, sidesOf(output.shape));
}

/** Every stride-th pixel from the first on, [h, w] of them. */
function everyNth(g: Graph, x: Ref, strides: Pair, [h, w]: Pair): Ref {
  const ends = [0, (h - 1) * strides[0] + 1, (w - 1) * strides[1] + 1, 0];
  const given = [x, g.integers([0, 0, 0, 0]), g.integers(ends), g.integers([1, ...strides, 1])];
  return g.node("StridedSlice", given, { T, end_mask: { i: "9" } });
}

/** Computes the gradient of the padded image and cuts off the padding. */
export const convolutionInputGradient: GraphRow<"conv2d_input_grad"> = (g, [gradient, filter], site) => {
  const { strides, padding, dilations, shape } = site.attributes;
  if (dilations.some((d) => d > 1)) return undefined;
  const [h, w] = sidesOf(shape);
  const whole = [shape[0]!, h + padding[0][0] + padding[0][1], w + padding[1][0] + padding[1][1], shape[3]!];
  const image = g.node("Conv2DBackpropInput", [g.dimensions(whole), filter, gradient], {
    T,
    data_format: format,
    strides: around(strides),
    dilations: around([1, 1]),
    padding: textAttribute("VALID"),
  });
  if (padding.every(([before, after]) => before === 0 && after === 0)) return image;
  const begin = g.integers([0, padding[0][0], padding[1][0], 0]);
  return g.node("Slice", [image, begin, g.integers([-1, h, w, -1])], { T, Index: typeAttribute("int") });
};

export const maxPool: GraphRow<"max_pool"> = (g, [x], { attributes, inputs: [{ shape }], output }) => {
  const { window, strides, padding } = attributes;
  // XNNPACK, which tfjs on wasm uses, refuses windows of one element.
  if (window[0] * window[1] === 1) return everyNth(g, x, strides, sidesOf(output.shape));
  const geometry = { extent: window, strides, padding };
  const [image, kind] = framed(g, x, shape, geometry, -Infinity);
  return pool(g, "MaxPool", image, { window, strides, kind });
};

/** Sums are means times the window's area. The image is padded first, since means under SAME leave the padding out. */
export const avgPool: GraphRow<"sum_pool"> = (g, [x], { attributes, output }) => {
  const { window, strides, padding } = attributes;
  const image = padded(g, x, padding, 0);
  const area = window[0] * window[1];
  if (area === 1) return everyNth(g, image, strides, sidesOf(output.shape));
  const mean = pool(g, "AvgPool", image, { window, strides, kind: "VALID" });
  return g.node("Mul", [mean, g.constant("float", [], [area])], { T });
};

interface PoolWindows {
  readonly window: Pair;
  readonly strides: Pair;
  readonly kind: string;
}

function pool(g: Graph, op: string, image: Ref, { window, strides, kind }: PoolWindows): Ref {
  const attr = { T, data_format: format, ksize: around(window), strides: around(strides) };
  return g.node(op, [image], { ...attr, padding: textAttribute(kind) });
}
