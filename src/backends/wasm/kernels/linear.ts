import type { Extent, Word } from "../../../runtime/wasm/plan.js";
import { ACCUMULATE, BIAS, RELU } from "../../../runtime/wasm/opcodes.js";
import { booleanAt } from "../../../tensor/attributes.js";
import type { Shape } from "../../../tensor/dimension.js";
import { geometryOf } from "../../../tensor/primitives/linear.js";
import { count, place } from "../builder.js";
import { product } from "../extent.js";
import { extents, zero, type KernelContext, type KernelRow } from "./row.js";

function flagsOf({ bias, relu, accumulate }: KernelContext): Word[] {
  const flags = (accumulate ? ACCUMULATE : 0) | (bias ? BIAS : 0) | (relu ? RELU : 0);
  return [count(flags), bias ? place(bias) : zero];
}

const matmul: KernelRow = (c) => {
  const [transposeA, transposeB] = [
    booleanAt(c.op.attributes, "transposeA"),
    booleanAt(c.op.attributes, "transposeB"),
  ];
  const shape = extents(c.outputShape);
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  const a = extents(c.shape(0));
  const k = transposeA ? a.at(-2)! : a.at(-1)!;
  const batch = product(shape.slice(0, -2));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  const sizes = [batch, m, n, k].map(count);
  const transposes = [transposeA ? 1 : 0, transposeB ? 1 : 0];
  const scratch = place(c.scratch({ kernel: "matmul_scratch", args: [m, n, k, ...transposes] }));
  c.call(
    "matmul",
    [...operands, ...sizes, ...transposes.map(count), ...flagsOf(c), scratch],
    product([2, batch, m, n, k]),
  );
};

/** A convolution's sizes: of the image x, the filter, and the result. */
function convolutionSizes(c: KernelContext, x: Shape, filter: Shape, out: Shape): Extent[] {
  const g = geometryOf(c.op.attributes);
  const [f, o] = [extents(filter), extents(out)];
  const sizes = [...extents(x), f[0]!, f[1]!, f[3]!, o[1]!, o[2]!];
  const geometry = [...g.strides, g.padding[0][0], g.padding[1][0], ...g.dilations];
  return [...sizes, ...geometry];
}

function convolutionScratch(c: KernelContext, sizes: readonly Extent[]): Word {
  return place(c.scratch({ kernel: "convolution_scratch", args: sizes }));
}

function convolutionFlops(filter: Shape, out: Shape): Extent {
  const [f, o] = [extents(filter), extents(out)];
  return product([2, o[0]!, o[1]!, o[2]!, ...f]);
}

const conv2d: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.shape(0), c.shape(1), c.outputShape);
  const operands = [c.input(0), c.input(1), c.output].map(place);
  const args = [...operands, ...sizes.map(count), ...flagsOf(c), convolutionScratch(c, sizes)];
  c.call("conv2d", args, convolutionFlops(c.shape(1), c.outputShape));
};

const conv2d_input_grad: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.outputShape, c.shape(1), c.shape(0));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  c.call(
    "conv2d_input_grad",
    [...operands, ...sizes.map(count), convolutionScratch(c, sizes)],
    convolutionFlops(c.shape(1), c.shape(0)),
  );
};

const conv2d_filter_grad: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.shape(0), c.outputShape, c.shape(1));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  c.call(
    "conv2d_filter_grad",
    [...operands, ...sizes.map(count), convolutionScratch(c, sizes)],
    convolutionFlops(c.outputShape, c.shape(1)),
  );
};

/** The three depthwise kernels; which of their shapes are image, filter and result. */
function depthwise(
  kernel: string,
  of: (c: KernelContext) => readonly [x: Shape, filter: Shape, out: Shape],
): KernelRow {
  return (c) => {
    const [x, filter, out] = of(c);
    const operands = [c.input(0), c.input(1), c.output].map(place);
    const [f, o] = [extents(filter), extents(out)];
    c.call(
      kernel,
      [...operands, ...convolutionSizes(c, x, filter, out).map(count)],
      product([2, f[0]!, f[1]!, ...o]),
    );
  };
}

const depthwise_conv2d = depthwise("depthwise_conv2d", (c) => [c.shape(0), c.shape(1), c.outputShape]);

const depthwise_conv2d_input_grad = depthwise("depthwise_conv2d_input_grad", (c) => [
  c.outputShape,
  c.shape(1),
  c.shape(0),
]);

const depthwise_conv2d_filter_grad = depthwise("depthwise_conv2d_filter_grad", (c) => [
  c.shape(0),
  c.outputShape,
  c.shape(1),
]);

export const linearRows = {
  matmul,
  conv2d,
  conv2d_input_grad,
  conv2d_filter_grad,
  depthwise_conv2d,
  depthwise_conv2d_input_grad,
  depthwise_conv2d_filter_grad,
};
