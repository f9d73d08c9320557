import type * as tfjs from "@tensorflow/tfjs";
import { kernels, type Tensor, type Tf, type TfjsBody } from "../../runtime/tfjs/index.js";
import { isDimension } from "../../tensor/attributes.js";
import { evaluateDimension, type Dimension } from "../../tensor/dimension.js";
import type { Program } from "../../tensor/program.js";

/** What is written out in a call; a dimension becomes a number once the batch is known. */
export type Literal =
  number | boolean | string | Dimension | readonly Literal[] | { readonly [key: string]: Literal };

export type Argument =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "inputs" }
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "batch" }
  | { readonly kind: "program"; readonly program: Program };

type TfFunction = {
  [K in keyof typeof tfjs]: (typeof tfjs)[K] extends (...args: never) => unknown ? K : never;
}[keyof typeof tfjs];

/** One call of tfjs, or of a kernel of the runtime (which takes `tf` first): run and printed from this one description. */
export type Call =
  | { readonly target: "tf"; readonly name: TfFunction; readonly args: readonly Argument[] }
  | { readonly target: "kernels"; readonly name: keyof typeof kernels; readonly args: readonly Argument[] };

export const input = (index: number): Argument => ({ kind: "input", index });
export const inputs: Argument = { kind: "inputs" };
export const batch: Argument = { kind: "batch" };
export const literal = (value: Literal): Argument => ({ kind: "literal", value });

export type Runner = (tf: Tf, inputs: readonly Tensor[], batch: number) => Tensor | Tensor[];

/** Makes a function of a call, once; `bodyOf` prepares the body of a loop. */
export function prepareCall(call: Call, bodyOf: (program: Program) => TfjsBody): Runner {
  const args = call.args.map((a) => prepareArgument(a, bodyOf));
  // Which arguments a function takes depends on its name, here and below; the tests call each row of the table.
  if (call.target === "kernels") {
    const kernel = kernels[call.name] as (...args: unknown[]) => Tensor | Tensor[];
    return (tf, given, b) => kernel(tf, ...args.map((a) => a(given, b)));
  }
  const { name } = call;
  return (tf, given, b) => {
    // Its arguments depend on its name, as those of kernels do.
    const f = tf[name] as (...args: unknown[]) => Tensor;
    return f(...args.map((a) => a(given, b)));
  };
}

type Prepared = (inputs: readonly Tensor[], batch: number) => unknown;

function prepareArgument(a: Argument, bodyOf: (program: Program) => TfjsBody): Prepared {
  switch (a.kind) {
    case "input":
      return (given) => given[a.index];
    case "inputs":
      return (given) => given;
    case "batch":
      return (_given, b) => b;
    case "program": {
      const body = bodyOf(a.program);
      return () => body;
    }
    case "literal": {
      if (hasBatch(a.value)) return (_given, b) => evaluateLiteral(a.value, b);
      const known = evaluateLiteral(a.value, 0);
      return () => known;
    }
  }
}

export function isBatchDimension(value: Literal): value is Exclude<Dimension, number> {
  return typeof value !== "number" && isDimension(value);
}

export function isLiterals(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

function hasBatch(value: Literal): boolean {
  if (typeof value !== "object") return false;
  if (isBatchDimension(value)) return true;
  return isLiterals(value) ? value.some(hasBatch) : Object.values(value).some(hasBatch);
}

function evaluateLiteral(value: Literal, b: number): unknown {
  if (typeof value !== "object") return value;
  if (isBatchDimension(value)) return evaluateDimension(value, b);
  if (isLiterals(value)) return value.map((v) => evaluateLiteral(v, b));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, evaluateLiteral(v, b)]));
}
