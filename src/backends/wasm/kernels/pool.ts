import type { Word } from "../../../runtime/wasm/plan.js";
import type { Shape } from "../../../tensor/dimension.js";
import type { PoolGeometry } from "../../../tensor/ops.js";
import { count, place } from "../builder.js";
import { examples, exampleSize, extents, zero, type KernelRow } from "./row.js";

function poolSizes(g: PoolGeometry, x: Shape, out: Shape): Word[] {
  const sizes = [...extents(x), ...g.window, ...extents(out.slice(1, 3))];
  return [...sizes, ...g.strides, g.padding[0][0], g.padding[1][0]].map(count);
}

const max_pool: KernelRow<"max_pool"> = (c, g) =>
  c.call("max_pool", [
    place(c.input(0)),
    place(c.output),
    c.second ? place(c.second) : zero,
    ...poolSizes(g, c.shape(0), c.outputShape),
  ]);

const max_pool_argmax: KernelRow<"max_pool_argmax"> = (c, g) =>
  c.call("max_pool", [place(c.input(0)), zero, place(c.output), ...poolSizes(g, c.shape(0), c.outputShape)]);

const sum_pool: KernelRow<"sum_pool"> = (c, g) =>
  c.call("sum_pool", [place(c.input(0)), place(c.output), ...poolSizes(g, c.shape(0), c.outputShape)]);

const sum_pool_grad: KernelRow<"sum_pool_grad"> = (c, g) =>
  c.call("sum_pool_grad", [place(c.input(0)), place(c.output), ...poolSizes(g, c.outputShape, c.shape(0))]);

const pool_gather: KernelRow<"pool_gather"> = (c) => {
  const sizes = [examples(c.shape(0)), exampleSize(c.shape(0)), exampleSize(c.shape(1))];
  c.call("pool_gather", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

const pool_scatter: KernelRow<"pool_scatter"> = (c) => {
  const sizes = [examples(c.outputShape), exampleSize(c.outputShape), exampleSize(c.shape(0))];
  c.call("pool_scatter", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

export const poolRows = { max_pool, max_pool_argmax, sum_pool, sum_pool_grad, pool_gather, pool_scatter };
