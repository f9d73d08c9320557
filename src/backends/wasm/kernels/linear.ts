import type { Extent, Word } from "../../../runtime/wasm/plan.js";
import { ACCUMULATE, BIAS, RELU } from "../../../runtime/wasm/opcodes.js";
import { fourSides, type Shape } from "../../../tensor/dimension.js";
import { lastTwo } from "../../../tensor/kernels/host.js";
import type { Geometry } from "../../../tensor/ops.js";
import { count, place } from "../builder.js";
import { product } from "../extent.js";
import { extents, zero, type KernelContext, type KernelRow } from "./row.js";

function flagsOf({ bias, relu, accumulate }: KernelContext): Word[] {
  const flags = (accumulate ? ACCUMULATE : 0) | (bias ? BIAS : 0) | (relu ? RELU : 0);
  return [count(flags), bias ? place(bias) : zero];
}

const matmul: KernelRow<"matmul"> = (c, { transposeA, transposeB }) => {
  const shape = extents(c.outputShape);
  const [m, n] = lastTwo(shape);
  const [rows, columns] = lastTwo(extents(c.shape(0)));
  const k = transposeA ? rows : columns;
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
function convolutionSizes(g: Geometry, x: Shape, filter: Shape, out: Shape): Extent[] {
  const [height, width, , channels] = fourSides(filter);
  const [, outHeight, outWidth] = fourSides(out);
  const sizes = extents([...x, height, width, channels, outHeight, outWidth]);
  const geometry = [...g.strides, g.padding[0][0], g.padding[1][0], ...g.dilations];
  return [...sizes, ...geometry];
}

function convolutionScratch(c: KernelContext, sizes: readonly Extent[]): Word {
  return place(c.scratch({ kernel: "convolution_scratch", args: sizes }));
}

function convolutionFlops(filter: Shape, out: Shape): Extent {
  return product([2, ...extents([...out.slice(0, 3), ...filter])]);
}

const conv2d: KernelRow<"conv2d"> = (c, g) => {
  const sizes = convolutionSizes(g, c.shape(0), c.shape(1), c.outputShape);
  const operands = [c.input(0), c.input(1), c.output].map(place);
  const args = [...operands, ...sizes.map(count), ...flagsOf(c), convolutionScratch(c, sizes)];
  c.call("conv2d", args, convolutionFlops(c.shape(1), c.outputShape));
};

const conv2d_input_grad: KernelRow<"conv2d_input_grad"> = (c, g) => {
  const sizes = convolutionSizes(g, c.outputShape, c.shape(1), c.shape(0));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  c.call(
    "conv2d_input_grad",
    [...operands, ...sizes.map(count), convolutionScratch(c, sizes)],
    convolutionFlops(c.shape(1), c.shape(0)),
  );
};

const conv2d_filter_grad: KernelRow<"conv2d_filter_grad"> = (c, g) => {
  const sizes = convolutionSizes(g, c.shape(0), c.outputShape, c.shape(1));
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
): (c: KernelContext, g: Geometry) => void {
  return (c, g) => {
    const [x, filter, out] = of(c);
    const operands = [c.input(0), c.input(1), c.output].map(place);
    c.call(
      kernel,
      [...operands, ...convolutionSizes(g, x, filter, out).map(count)],
      product([2, ...extents([...filter.slice(0, 2), ...out])]),
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
