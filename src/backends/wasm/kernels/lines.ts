import type { Extent, Word } from "../../../runtime/wasm/plan.js";
import { booleanAt, numberAt, numbersAt } from "../../../tensor/attributes.js";
import { count, place } from "../builder.js";
import { denseStrides, extentOf, times } from "../extent.js";
import { around, exampleSize, extents, isInt, size, type KernelContext, type KernelRow } from "./row.js";

const gather: KernelRow = (c) => {
  const shape = c.shape(0);
  const axis = numberAt(c.op.attributes, "axis");
  const [outer, rows, inner] = around(shape, axis);
  const indices = count(size(c.shape(1)));
  c.call("gather", [place(c.input(0)), place(c.input(1)), place(c.output), outer!, rows!, indices, inner!]);
};

const scatter_add: KernelRow = (c) => {
  const sizes = [size(c.shape(0)), extentOf(c.outputShape[0]!), exampleSize(c.outputShape)];
  c.call("scatter_add", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

const sum: KernelRow = (c) => {
  const axes = numbersAt(c.op.attributes, "axes");
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
function along(kernel: string, more: (c: KernelContext) => Word[] = () => []): KernelRow {
  return (c) => {
    const sizes = around(c.shape(0), numberAt(c.op.attributes, "axis"));
    c.call(kernel, [place(c.input(0)), place(c.output), ...sizes, ...more(c)]);
  };
}

const flag = (c: KernelContext, key: string): Word => count(booleanAt(c.op.attributes, key) ? 1 : 0);

const argsort = along("argsort", (c) => {
  const length = extentOf(c.shape(0)[numberAt(c.op.attributes, "axis")]!);
  return [flag(c, "ascending"), isInt(c), place(c.scratch(times(length, 2)))];
});

export const lineRows = {
  gather,
  scatter_add,
  sum,
  max_reduce: along("reduce_max", (c) => [isInt(c)]),
  argmax: along("argmax", (c) => [isInt(c)]),
  argsort,
  cumsum: along("cumsum", (c) => [flag(c, "exclusive"), flag(c, "reverse"), isInt(c)]),
};
