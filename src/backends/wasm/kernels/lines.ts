import type { Extent, Word } from "../../../runtime/wasm/plan.js";
import { count, place } from "../builder.js";
import { denseStrides, extentOf, times } from "../extent.js";
import {
  around,
  examples,
  exampleSize,
  extents,
  isInt,
  size,
  type KernelContext,
  type KernelRow,
} from "./row.js";

const gather: KernelRow<"gather"> = (c, { axis }) => {
  const [outer, rows, inner] = around(c.shape(0), axis);
  const indices = count(size(c.shape(1)));
  c.call("gather", [place(c.input(0)), place(c.input(1)), place(c.output), outer, rows, indices, inner]);
};

const scatter_add: KernelRow<"scatter_add"> = (c) => {
  const sizes = [size(c.shape(0)), examples(c.outputShape), exampleSize(c.outputShape)];
  c.call("scatter_add", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

const sum: KernelRow<"sum"> = (c, { axes }) => {
  const sizes = extents(c.shape(0));
  const strides = denseStrides(sizes);
  const list = (wanted: boolean): Extent[] => {
    const all = sizes.flatMap((s, i) => (axes.includes(i) === wanted ? [s, strides[i]!] : []));
    return [all.length / 2, ...all];
  };
  const block = c.words([...list(false), ...list(true)].map(count));
  c.call("reduce_sum", [place(c.input(0)), place(c.output), place(block), isInt(c)], size(c.shape(0)));
};

/** A kernel along one axis. */
function along(kernel: string, c: KernelContext, axis: number, more: readonly Word[]): void {
  const sizes = around(c.shape(0), axis);
  c.call(kernel, [place(c.input(0)), place(c.output), ...sizes, ...more]);
}

const flag = (set: boolean): Word => count(set ? 1 : 0);

const argsort: KernelRow<"argsort"> = (c, { axis, ascending }) => {
  const length = extentOf(c.shape(0)[axis]!);
  along("argsort", c, axis, [flag(ascending), isInt(c), place(c.scratch(times(length, 2)))]);
};

const max_reduce: KernelRow<"max_reduce"> = (c, { axis }) => along("reduce_max", c, axis, [isInt(c)]);

const argmax: KernelRow<"argmax"> = (c, { axis }) => along("argmax", c, axis, [isInt(c)]);

const cumsum: KernelRow<"cumsum"> = (c, { axis, exclusive, reverse }) =>
  along("cumsum", c, axis, [flag(exclusive), flag(reverse), isInt(c)]);

export const lineRows = {
  gather,
  scatter_add,
  sum,
  max_reduce,
  argmax,
  argsort,
  cumsum,
};
