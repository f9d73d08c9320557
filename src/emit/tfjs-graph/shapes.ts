import {
  add,
  knownShape,
  sameDimension,
  sameShape,
  type Dimension,
  type Shape,
} from "../../tensor/dimension.js";
import type { DType, TensorType } from "../../tensor/program.js";
import { boolAttribute, integerAttribute, typeAttribute, type Graph, type Ref } from "./graph.js";
import type { GraphRow } from "./row.js";

/** A reshape. One size that depends on the batch is left to tfjs as -1; with several, the graph computes the sizes. */
export function reshaped(g: Graph, x: Ref, dtype: DType, shape: Shape): Ref {
  const open = shape.filter((d) => typeof d !== "number").length;
  const single = open === 1 && !shape.includes(0);
  const sizes = single ? g.integers(shape.map((d) => (typeof d === "number" ? d : -1))) : g.dimensions(shape);
  return g.node("Reshape", [x, sizes], { T: typeAttribute(dtype), Tshape: typeAttribute("int") });
}

export const reshape: GraphRow<"reshape"> = (g, [x], { output: { dtype, shape } }) =>
  reshaped(g, x, dtype, shape);

/** As a product with ones: tfjs on wasm tiles about a hundred times slower than it multiplies. */
export function broadcast(g: Graph, x: Ref, { dtype, shape: from }: TensorType, shape: Shape): Ref {
  if (sameShape(from, shape)) return x;
  const T = typeAttribute(dtype);
  const sizes = g.dimensions(shape);
  if (dtype === "bool") return g.node("BroadcastTo", [x, sizes], { T, Tidx: typeAttribute("int") });
  return g.node("Mul", [x, g.node("Fill", [sizes, g.constant(dtype, [], [1])], { T })], { T });
}

/** The most elements of an `iota` that is stored as a constant. */
const LARGEST_TABLE = 4096;

export const iota: GraphRow<"iota"> = (g, _inputs, { attributes: { shape, axis } }) => {
  const length = shape[axis]!;
  const lined = shape.map((d, i) => (i === axis ? d : 1));
  const known = knownShape(lined);
  const line =
    known && typeof length === "number" && length <= LARGEST_TABLE
      ? g.constant(
          "int",
          known,
          Array.from({ length }, (_, i) => i),
        )
      : reshaped(g, counted(g, length), "int", lined);
  return broadcast(g, line, { dtype: "int", shape: lined }, shape);
};

function counted(g: Graph, length: Dimension): Ref {
  return g.node("Range", [g.integer(0), g.dimension(length), g.integer(1)], { Tidx: typeAttribute("int") });
}

export const slice: GraphRow<"slice"> = (g, [x], { attributes, inputs: [{ dtype, shape }] }) => {
  const { begin, size, stride } = attributes;
  const T = typeAttribute(dtype);
  // A size of -1 goes to the end of the axis.
  const whole = size.map((d, i) => (begin[i] === 0 && sameDimension(d, shape[i]!) ? -1 : d));
  if (stride.every((s) => s === 1)) {
    const sizes = whole.every((d) => typeof d === "number") ? g.integers(whole) : g.dimensions(size);
    return g.node("Slice", [x, g.dimensions(begin), sizes], { T, Index: typeAttribute("int") });
  }
  let toEnd = 0;
  const ends: number[] = [];
  const starts = knownShape(begin);
  if (starts === undefined) return undefined;
  for (const [i, d] of whole.entries()) {
    const from = starts[i]!;
    if (typeof d !== "number") return undefined;
    if (d === -1) toEnd |= 1 << i;
    ends.push(d === -1 ? 0 : from + (d - 1) * stride[i]! + 1);
  }
  return g.node("StridedSlice", [x, g.integers(starts), g.integers(ends), g.integers(stride)], {
    T,
    end_mask: integerAttribute(toEnd),
  });
};

/** How much is put before and after each axis, and what. */
export interface PadSides {
  readonly before: Shape;
  readonly after: Shape;
  readonly value: number;
}

export function pad(g: Graph, x: Ref, dtype: DType, { before, after, value }: PadSides): Ref {
  const sides = before.flatMap((d, i) => [d, after[i]!]);
  const known = sides.every((d) => typeof d === "number");
  const paddings = known
    ? g.constant("int", [before.length, 2], sides)
    : reshaped(g, g.dimensions(sides), "int", [before.length, 2]);
  return g.node("PadV2", [x, paddings, g.constant(dtype, [], [value])], { T: typeAttribute(dtype) });
}

/** `place` without strides is padding with zeros. */
export const place: GraphRow<"place"> = (g, [x], { attributes, inputs: [{ dtype, shape }] }) => {
  const { begin, stride, shape: whole } = attributes;
  if (stride.some((s) => s !== 1)) return undefined;
  const after: Dimension[] = [];
  for (const [i, d] of whole.entries()) {
    const used = add(begin[i]!, shape[i]!);
    const left = used === undefined ? undefined : minus(d, used);
    if (left === undefined) return undefined;
    after.push(left);
  }
  return pad(g, x, dtype, { before: begin, after, value: 0 });
};

function minus(a: Dimension, b: Dimension): Dimension | undefined {
  if (sameDimension(a, b)) return 0;
  return typeof a === "number" && typeof b === "number" ? a - b : undefined;
}

/** topk gives indices of the largest along the last axis: axes are exchanged for it, and numbers negated to sort upwards. */
export const sort: GraphRow<"argsort"> = (g, [x], { attributes, inputs: [{ dtype, shape }] }) => {
  const { axis, ascending } = attributes;
  const T = typeAttribute(dtype);
  const last = shape.length - 1;
  const order = shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  const turn = (ref: Ref, t = T): Ref =>
    axis === last ? ref : g.node("Transpose", [ref, g.integers(order)], { T: t });
  const lines = turn(x);
  const key = ascending ? g.node("Neg", [lines], { T }) : lines;
  const top = g.node("TopKV2", [key, g.dimension(shape[axis]!)], { T, sorted: boolAttribute(true) });
  return turn(`${top}:1`, typeAttribute("int"));
};

export const scatterAdd: GraphRow<"scatter_add"> = (
  g,
  [indices, updates],
  { attributes, inputs, output },
) => {
  const column = reshaped(g, indices, "int", [...inputs[0].shape, 1]);
  return g.node("ScatterNd", [column, updates, g.dimensions(attributes.shape)], {
    T: typeAttribute(output.dtype),
    Tindices: typeAttribute("int"),
  });
};

/** With the transposes done first: tfjs on wasm takes its slow path for transposed operands. */
export const matMul: GraphRow<"matmul"> = (g, [x, y], { attributes, output }) => {
  const { transposeA, transposeB } = attributes;
  const T = typeAttribute("float");
  const last = output.shape.length - 1;
  const order = [...Array.from({ length: last - 1 }, (_, i) => i), last, last - 1];
  const turned = (ref: Ref, transpose: boolean): Ref =>
    transpose ? g.node("Transpose", [ref, g.integers(order)], { T }) : ref;
  const sides = [turned(x, transposeA), turned(y, transposeB)];
  const no = boolAttribute(false);
  if (last === 1) return g.node("MatMul", sides, { T, transpose_a: no, transpose_b: no });
  return g.node("BatchMatMulV2", sides, { T, adj_x: no, adj_y: no });
};
