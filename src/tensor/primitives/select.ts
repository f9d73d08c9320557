import { dtypeAt } from "../attributes.js";
import type { Builder } from "../emitter.js";
import { allocate, broadcastShapes, broadcastStrides, eachRow, numbersOf, tensor } from "../kernels/host.js";
import { elementCount } from "../../runtime/elements.js";
import * as ops from "../ops.js";
import type { Value } from "../program.js";
import { broadcastOf } from "./binary.js";
import { noGradient, showType, take1, wantDtype, type Primitive } from "./primitive.js";

function split(b: Builder, first: Value, g: Value): Value[] {
  return [ops.select(b, first, g, 0), ops.select(b, first, 0, g)];
}

export const select: Primitive = {
  elementwise: true,
  broadcasts: true,
  name: "select",
  doc: "x where the condition holds, else y; all three broadcast.",
  infer(inputs) {
    const [condition, x, y] = inputs;
    if (condition === undefined || x === undefined || y === undefined || inputs.length !== 3) {
      throw new Error(`takes 3 inputs, not ${inputs.length}`);
    }
    wantDtype(condition, "bool");
    if (x.dtype !== y.dtype) throw new Error(`takes two of one dtype, not ${showType(x)} and ${showType(y)}`);
    const both = broadcastOf(x.shape, y.shape);
    const shape = both === undefined ? undefined : broadcastOf(condition.shape, both);
    if (shape === undefined) throw new Error(`cannot broadcast ${inputs.map(showType).join(", ")}`);
    return [{ dtype: x.dtype, shape }];
  },
  evaluate([condition, x, y]) {
    const shape = broadcastShapes(condition!.shape, broadcastShapes(x!.shape, y!.shape));
    const out = allocate(x!.dtype, elementCount(shape));
    const [c, p, q] = [numbersOf(condition!), numbersOf(x!), numbersOf(y!)];
    const strides = [condition!, x!, y!].map((t) => broadcastStrides(t.shape, shape));
    const [cs, ps, qs] = strides.map((s) => s.at(-1) ?? 0);
    const run = shape.at(-1) ?? 1;
    let at = 0;
    eachRow(shape, strides, ([i, j, k]) => {
      for (let n = 0; n < run; n++) out[at++] = c[i! + n * cs!] !== 0 ? p[j! + n * ps!]! : q[k! + n * qs!]!;
    });
    return [tensor(x!.dtype, shape, out)];
  },
  gradient(b, op, [g]) {
    if (g === undefined) return [];
    const [condition, x, y] = op.inputs;
    const [toX, toY] = split(b, condition!, g);
    return [undefined, ops.sumTo(b, toX!, b.typeOf(x!).shape), ops.sumTo(b, toY!, b.typeOf(y!).shape)];
  },
};

export const cast: Primitive = {
  elementwise: true,
  name: "cast",
  doc: "To another dtype: a float becomes an int by dropping its fraction, a bool by being other than 0.",
  infer(inputs, attributes) {
    const [x] = take1(inputs);
    return [{ dtype: dtypeAt(attributes, "dtype"), shape: x.shape }];
  },
  evaluate([x], attributes) {
    const to = dtypeAt(attributes, "dtype");
    const data = numbersOf(x!);
    if (to === "float") return [tensor(to, x!.shape, Float64Array.from(data))];
    return [
      tensor(to, x!.shape, Int32Array.from(data, to === "bool" ? (v) => (v === 0 ? 0 : 1) : Math.trunc)),
    ];
  },
  gradient: (b, op, [g]) =>
    g !== undefined && b.typeOf(op.inputs[0]!).dtype === "float" ? [g] : noGradient(),
};
