import { wantAxis } from "../attributes.js";
import { evaluateShape, sameShape, showShape } from "../dimension.js";
import { allocate, around, numbersOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import type { TensorType } from "../program.js";
import { definePrimitive, showType, wantDtype } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

function rowAt(indices: ArrayLike<number>, i: number, count: number): number {
  const row = indices[i]!;
  if (row < 0 || row >= count) throw new Error(`index ${row} is not in 0..${count - 1}`);
  return row;
}

function gathered<D>(x: readonly D[], indices: readonly D[], axis: number): D[] {
  return [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
}

export const gather = definePrimitive(ops.gatherSignature, {
  checksIndices: true,
  doc: "What lies along one axis, by int indices; their axes take its place.",
  infer([x, indices], { axis }) {
    wantDtype(indices, "int");
    wantAxis(axis, "axis", x.shape.length);
    return { dtype: x.dtype, shape: gathered(x.shape, indices.shape, axis) };
  },
  evaluate([x, indices], { axis }) {
    const [outer, size, inner] = around(x.shape, axis);
    const shape = gathered(x.shape, indices.shape, axis);
    const out = allocate(x.dtype, elementCount(shape));
    const data = numbersOf(x);
    const count = indices.data.length;
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++) {
        const from = (o * size + rowAt(indices.data, i, size)) * inner;
        const to = (o * count + i) * inner;
        for (let k = 0; k < inner; k++) out[to + k] = data[from + k]!;
      }
    }
    return tensor(x.dtype, shape, out);
  },
  gradient(b, { inputs: [x, indices], attributes: { axis } }, g) {
    const { shape } = b.typeOf(x);
    if (axis === 0) return [ops.scatterAdd(b, indices, g, shape)];
    // scatterAdd works on the first axis: the indices' axes and the gathered axis are moved to the front, and back afterwards.
    const rank = b.typeOf(indices).shape.length;
    const all = b.typeOf(g).shape.map((_, i) => i);
    const front = [...all.slice(axis, axis + rank), ...all.slice(0, axis), ...all.slice(axis + rank)];
    const own = shape.map((_, i) => i);
    const lead = [axis, ...own.filter((i) => i !== axis)];
    const rows = lead.map((i) => shape[i]!);
    const back = own.map((i) => lead.indexOf(i));
    const scattered = ops.scatterAdd(b, indices, ops.transpose(b, g, front), rows);
    return [ops.transpose(b, scattered, back)];
  },
});

export const scatter_add = definePrimitive(ops.scatterAddSignature, {
  checksIndices: true,
  doc: "Zeros of `shape` with updates[i] added to row indices[i]; duplicates accumulate.",
  infer([indices, updates], { shape }) {
    wantDtype(indices, "int");
    wantDtype(updates, "float");
    if (shape.length === 0) throw new Error("has no rows in a scalar");
    const wanted = [...indices.shape, ...shape.slice(1)];
    if (!sameShape(updates.shape, wanted))
      throw new Error(`wants updates ${showShape(wanted)}, not ${showType(updates)}`);
    return { dtype: updates.dtype, shape };
  },
  evaluate([indices, updates], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const [, rows, inner] = around(shape, 0);
    const out = allocate(updates.dtype, elementCount(shape));
    const data = numbersOf(updates);
    for (let i = 0; i < indices.data.length; i++) {
      const to = rowAt(indices.data, i, rows) * inner;
      for (let k = 0; k < inner; k++) out[to + k]! += data[i * inner + k]!;
    }
    return tensor(updates.dtype, shape, out);
  },
  gradient: (b, { inputs: [indices] }, g) => [undefined, ops.gather(b, g, indices, 0)],
});

function examples(shape: readonly number[]): [batch: number, size: number] {
  return [shape[0]!, elementCount(shape.slice(1))];
}

export const pool_gather = definePrimitive(ops.poolGatherSignature, {
  checksIndices: true,
  doc: "The elements at int indices that are flat inside one example.",
  infer([x, indices]) {
    wantDtype(x, "float");
    wantExamples(x, indices);
    return { dtype: x.dtype, shape: indices.shape };
  },
  evaluate([x, indices]) {
    const [, size] = examples(x.shape);
    const [, count] = examples(indices.shape);
    const data = numbersOf(x);
    const places = numbersOf(indices);
    const out = allocate(x.dtype, places.length);
    for (let i = 0; i < out.length; i++)
      out[i] = data[Math.floor(i / count) * size + rowAt(places, i, size)]!;
    return tensor(x.dtype, indices.shape, out);
  },
  gradient: (b, { inputs: [x, indices] }, g) => [ops.poolScatter(b, g, indices, b.typeOf(x).shape)],
});

export const pool_scatter = definePrimitive(ops.poolScatterSignature, {
  checksIndices: true,
  doc: "Zeros of `shape` with x added at int indices that are flat inside one example.",
  infer([x, indices], { shape }) {
    wantDtype(x, "float");
    wantExamples(x, indices);
    if (!sameShape(x.shape, indices.shape))
      throw new Error(`takes one shape, not ${showType(x)}, ${showType(indices)}`);
    return { dtype: x.dtype, shape };
  },
  evaluate([x, indices], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const [, size] = examples(shape);
    const [, count] = examples(indices.shape);
    const out = allocate(x.dtype, elementCount(shape));
    const data = numbersOf(x);
    for (let i = 0; i < data.length; i++) {
      out[Math.floor(i / count) * size + rowAt(indices.data, i, size)]! += data[i]!;
    }
    return tensor(x.dtype, shape, out);
  },
  gradient: (b, { inputs: [, indices] }, g) => [ops.poolGather(b, g, indices)],
});

function wantExamples(x: TensorType, indices: TensorType): void {
  wantDtype(indices, "int");
  if (
    x.shape.length < 2 ||
    indices.shape.length < 2 ||
    !sameShape(x.shape.slice(0, 1), indices.shape.slice(0, 1))
  ) {
    throw new Error(`takes two batches of examples, not ${showType(x)}, ${showType(indices)}`);
  }
}
