import * as special from "../kernels/special.js";
import { numbersOf } from "../kernels/host.js";
import type { Builder } from "../emitter.js";
import * as ops from "../ops.js";
import type { Value } from "../program.js";
import { costly, noGradient, take1, wantDtype, type Primitive } from "./primitive.js";

/** d out / d x · g, from the input, the output and the output's gradient; null where there is none. */
type Rule = ((b: Builder, x: Value, out: Value, g: Value) => Value) | null;

function unary(
  name: string,
  doc: string,
  f: (x: number) => number,
  rule: Rule,
  dtypes: readonly ("float" | "int")[] = ["float"],
): Primitive {
  return {
    name,
    doc,
    infer(inputs) {
      const [x] = take1(inputs);
      wantDtype(x, ...dtypes);
      return [x];
    },
    evaluate([x]) {
      return [{ dtype: x!.dtype, shape: x!.shape, data: numbersOf(x!).map(f) }];
    },
    gradient(b, op, [g]) {
      return rule === null || g === undefined ? [] : [rule(b, op.inputs[0]!, op.outputs[0]!, g)];
    },
    ...(rule === null ? { constant: true as const } : {}),
  };
}

const BOTH = ["float", "int"] as const;

export const neg = unary(
  "neg",
  "−x",
  (x) => -x,
  (b, _x, _out, g) => ops.neg(b, g),
  BOTH,
);
export const exp = costly(unary("exp", "eˣ", Math.exp, (b, _x, out, g) => ops.mul(b, g, out)));
export const log = costly(
  unary("log", "The natural logarithm.", Math.log, (b, x, _out, g) => ops.div(b, g, x)),
);
export const log1p = costly(
  unary("log1p", "log(1 + x), exact near 0.", Math.log1p, (b, x, _out, g) => ops.div(b, g, ops.add(b, x, 1))),
);
export const expm1 = costly(
  unary("expm1", "eˣ − 1, exact near 0.", Math.expm1, (b, _x, out, g) => ops.mul(b, g, ops.add(b, out, 1))),
);
export const sqrt = unary("sqrt", "√x", Math.sqrt, (b, _x, out, g) => ops.div(b, ops.mul(b, g, 0.5), out));
export const abs = unary(
  "abs",
  "|x|; gradient 1 at 0.",
  Math.abs,
  (b, x, _o, g) => ops.select(b, ops.ge(b, x, 0), g, ops.neg(b, g)),
  BOTH,
);
/** By the output, so that what comes before it need not be kept. */
export const relu = unary(
  "relu",
  "max(x, 0); gradient 0 at 0.",
  (x) => Math.max(x, 0),
  (b, _x, out, g) => ops.select(b, ops.lt(b, 0, out), g, 0),
);
export const sign = unary("sign", "−1, 0 or 1; no gradient.", Math.sign, null, BOTH);
export const floor = unary("floor", "The next whole number below; no gradient.", Math.floor, null);
export const sin = costly(
  unary("sin", "Of radians.", Math.sin, (b, x, _out, g) => ops.mul(b, g, ops.cos(b, x))),
);
export const cos = costly(
  unary("cos", "Of radians.", Math.cos, (b, x, _out, g) => ops.neg(b, ops.mul(b, g, ops.sin(b, x)))),
);
export const tanh = costly(
  unary("tanh", "The hyperbolic tangent.", Math.tanh, (b, _x, out, g) =>
    ops.mul(b, g, ops.sub(b, 1, ops.square(b, out))),
  ),
);
export const sigmoid = costly(
  unary("sigmoid", "1 / (1 + e⁻ˣ)", special.sigmoid, (b, _x, out, g) =>
    ops.mul(b, g, ops.mul(b, out, ops.sub(b, 1, out))),
  ),
);
export const softplus = costly(
  unary("softplus", "log(1 + eˣ), without overflow.", special.softplus, (b, x, _out, g) =>
    ops.mul(b, g, ops.sigmoid(b, x)),
  ),
);
export const erf = costly(
  unary("erf", "The error function.", special.erf, (b, x, _out, g) =>
    ops.mul(b, g, ops.mul(b, ops.exp(b, ops.neg(b, ops.square(b, x))), 2 / Math.sqrt(Math.PI))),
  ),
);
export const erfinv = costly(
  unary("erfinv", "The inverse of erf.", special.erfinv, (b, _x, out, g) =>
    ops.mul(b, g, ops.mul(b, ops.exp(b, ops.square(b, out)), Math.sqrt(Math.PI) / 2)),
  ),
);

export const not: Primitive = {
  name: "not",
  doc: "Of a bool.",
  infer(inputs) {
    const [x] = take1(inputs);
    wantDtype(x, "bool");
    return [x];
  },
  evaluate([x]) {
    return [{ dtype: "bool", shape: x!.shape, data: numbersOf(x!).map((v) => (v === 0 ? 1 : 0)) }];
  },
  gradient: noGradient,
  constant: true,
};

function identity(name: string, doc: string, gradient: Primitive["gradient"], constant: boolean): Primitive {
  return {
    name,
    doc,
    infer: (inputs) => [take1(inputs)[0]],
    evaluate: ([x]) => [x!],
    gradient,
    ...(constant ? { constant: true as const } : {}),
  };
}

export const detach = identity("detach", "The value itself; no gradient flows through.", noGradient, true);
export const barrier = identity(
  "barrier",
  "The value itself, never merged with another computation of it; so is its gradient.",
  (b, _op, [g]) => [g === undefined ? undefined : ops.barrier(b, g)],
  false,
);
