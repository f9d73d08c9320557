import type { Word } from "../../../runtime/wasm/plan.js";
import type { Shape } from "../../../tensor/dimension.js";
import { poolGeometryOf } from "../../../tensor/primitives/pool.js";
import { count, place } from "../builder.js";
import { extentOf } from "../extent.js";
import { exampleSize, extents, zero, type KernelContext, type KernelRow } from "./row.js";

function poolSizes(c: KernelContext, x: Shape, out: Shape): Word[] {
  const g = poolGeometryOf(c.op.attributes);
  const o = extents(out);
  const sizes = [...extents(x), ...g.window, o[1]!, o[2]!];
  return [...sizes, ...g.strides, g.padding[0][0], g.padding[1][0]].map(count);
}

const max_pool: KernelRow = (c) =>
  c.call("max_pool", [
    place(c.input(0)),
    place(c.output),
    c.second ? place(c.second) : zero,
    ...poolSizes(c, c.shape(0), c.outputShape),
  ]);

const max_pool_argmax: KernelRow = (c) =>
  c.call("max_pool", [place(c.input(0)), zero, place(c.output), ...poolSizes(c, c.shape(0), c.outputShape)]);

const sum_pool: KernelRow = (c) =>
  c.call("sum_pool", [place(c.input(0)), place(c.output), ...poolSizes(c, c.shape(0), c.outputShape)]);

const sum_pool_grad: KernelRow = (c) =>
  c.call("sum_pool_grad", [place(c.input(0)), place(c.output), ...poolSizes(c, c.outputShape, c.shape(0))]);

const pool_gather: KernelRow = (c) => {
  const sizes = [extentOf(c.shape(0)[0]!), exampleSize(c.shape(0)), exampleSize(c.shape(1))];
  c.call("pool_gather", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

const pool_scatter: KernelRow = (c) => {
  const sizes = [extentOf(c.outputShape[0]!), exampleSize(c.outputShape), exampleSize(c.shape(0))];
  c.call("pool_scatter", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

export const poolRows = { max_pool, max_pool_argmax, sum_pool, sum_pool_grad, pool_gather, pool_scatter };
