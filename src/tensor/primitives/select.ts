import { allocate, broadcastShapes, broadcastStrides, eachRow, numbersOf, tensor } from "../kernels/host.js";
import { elementCount } from "../../runtime/elements.js";
import * as ops from "../ops.js";
import { broadcastOf } from "./binary.js";
import { definePrimitive, showType, wantDtype } from "./primitive.js";

export const select = definePrimitive(ops.selectSignature, {
  elementwise: true,
  broadcasts: true,
  doc: "x where the condition holds, else y; all three broadcast.",
  infer([condition, x, y]) {
    wantDtype(condition, "bool");
    if (x.dtype !== y.dtype) throw new Error(`takes two of one dtype, not ${showType(x)} and ${showType(y)}`);
    const both = broadcastOf(x.shape, y.shape);
    const shape = both === undefined ? undefined : broadcastOf(condition.shape, both);
    if (shape === undefined)
      throw new Error(`cannot broadcast ${[condition, x, y].map(showType).join(", ")}`);
    return { dtype: x.dtype, shape };
  },
  evaluate([condition, x, y]) {
    const shape = broadcastShapes(condition.shape, broadcastShapes(x.shape, y.shape));
    const out = allocate(x.dtype, elementCount(shape));
    const [c, p, q] = [numbersOf(condition), numbersOf(x), numbersOf(y)];
    const strides = [condition, x, y].map((t) => broadcastStrides(t.shape, shape));
    const steps = strides.map((s) => s.at(-1) ?? 0);
    const run = shape.at(-1) ?? 1;
    let at = 0;
    eachRow(shape, strides, (starts) => {
      const place = (operand: number, n: number) => starts[operand]! + n * steps[operand]!;
      for (let n = 0; n < run; n++) out[at++] = c[place(0, n)] !== 0 ? p[place(1, n)]! : q[place(2, n)]!;
    });
    return tensor(x.dtype, shape, out);
  },
  gradient(b, { inputs: [condition, x, y] }, g) {
    const [toX, toY] = [ops.select(b, condition, g, 0), ops.select(b, condition, 0, g)];
    return [undefined, ops.sumTo(b, toX, b.typeOf(x).shape), ops.sumTo(b, toY, b.typeOf(y).shape)];
  },
});

export const cast = definePrimitive(ops.castSignature, {
  elementwise: true,
  doc: "To another dtype: a float becomes an int by dropping its fraction, a bool by being other than 0.",
  infer: ([x], { dtype }) => ({ dtype, shape: x.shape }),
  evaluate([x], { dtype }) {
    const data = numbersOf(x);
    if (dtype === "float") return tensor(dtype, x.shape, Float64Array.from(data));
    const whole = dtype === "bool" ? (v: number) => (v === 0 ? 0 : 1) : Math.trunc;
    return tensor(dtype, x.shape, Int32Array.from(data, whole));
  },
  gradient: (b, { inputs: [x] }, g) => (b.typeOf(x).dtype === "float" ? [g] : []),
});
