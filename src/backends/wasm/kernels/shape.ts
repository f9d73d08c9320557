import type { Extent, Place, Word } from "../../../runtime/wasm/plan.js";
import { lastTwo } from "../../../tensor/kernels/host.js";
import { bytes, count, place } from "../builder.js";
import { denseStrides, extentOf, negated, plus, product, sameExtent, times, total } from "../extent.js";
import { extents, moved, size, zero, type KernelContext, type KernelRow } from "./row.js";

/** Elements of a place, by their strides. */
interface Strided {
  readonly at: Place;
  readonly strides: readonly Extent[];
}

/** A copy of elements from one dense or strided place to another. */
function stridedCopy(c: KernelContext, sizes: readonly Extent[], source: Strided, target: Strided): void {
  const axes = sizes.flatMap((s, i) => [s, source.strides[i]!, target.strides[i]!]);
  const block = c.words([sizes.length, ...axes].map(count));
  c.call("strided_copy", [place(source.at), place(target.at), place(block)]);
}

function isSwapOfLast(perm: readonly number[]): boolean {
  const rank = perm.length;
  return perm.every((axis, i) => axis === (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

const transpose: KernelRow<"transpose"> = (c, { perm }) => {
  const shape = extents(c.shape(0));
  if (isSwapOfLast(perm)) {
    const sizes = [product(shape.slice(0, -2)), ...lastTwo(shape)];
    c.call("transpose", [place(c.input(0)), place(c.output), ...sizes.map(count)]);
    return;
  }
  const strides = denseStrides(shape);
  const sizes = perm.map((axis) => shape[axis]!);
  const source = { at: c.input(0), strides: perm.map((axis) => strides[axis]!) };
  stridedCopy(c, sizes, source, { at: c.output, strides: denseStrides(sizes) });
};

const reverse: KernelRow<"reverse"> = (c, { axes }) => {
  const shape = extents(c.shape(0));
  const strides = denseStrides(shape);
  const start = total(axes.map((a) => times(strides[a]!, plus(shape[a]!, -1))));
  const from = strides.map((s, i) => (axes.includes(i) ? negated(s) : s));
  stridedCopy(c, shape, { at: moved(c.input(0), start), strides: from }, { at: c.output, strides });
};

function filled(c: KernelContext, value: Word): void {
  c.call("fill", [place(c.output), value, count(size(c.outputShape))]);
}

const placed: KernelRow<"place"> = (c, { begin, stride }) => {
  const own = denseStrides(extents(c.outputShape));
  filled(c, zero);
  const start = total(own.map((s, i) => times(s, extentOf(begin[i]!))));
  const sizes = extents(c.shape(0));
  const target = { at: moved(c.output, start), strides: own.map((s, i) => times(s, stride[i]!)) };
  stridedCopy(c, sizes, { at: c.input(0), strides: denseStrides(sizes) }, target);
};

const pad: KernelRow<"pad"> = (c, { before, value }) => {
  const own = denseStrides(extents(c.outputShape));
  filled(c, c.dtype(0) === "float" ? { float: value } : count(c.dtype(0) === "bool" ? -value : value));
  const start = total(own.map((s, i) => times(s, extentOf(before[i]!))));
  const sizes = extents(c.shape(0));
  const target = { at: moved(c.output, start), strides: own };
  stridedCopy(c, sizes, { at: c.input(0), strides: denseStrides(sizes) }, target);
};

const concat: KernelRow<"concat"> = (c, { axis }) => {
  const own = denseStrides(extents(c.outputShape));
  let at: Extent = 0;
  c.op.inputs.forEach((_, i) => {
    const sizes = extents(c.shape(i));
    const target = moved(c.output, times(at, own[axis]!));
    if (sameExtent(product(sizes.slice(0, axis)), 1)) {
      c.call("copy", [place(c.input(i)), place(target), count(bytes(product(sizes)))]);
    } else {
      const source = { at: c.input(i), strides: denseStrides(sizes) };
      stridedCopy(c, sizes, source, { at: target, strides: own });
    }
    at = plus(at, sizes[axis]!);
  });
};

export const shapeRows = { transpose, reverse, place: placed, pad, concat };
