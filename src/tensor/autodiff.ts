import type { Builder } from "./emitter.js";
import * as ops from "./ops.js";
import type { Primitive } from "./primitives/primitive.js";
import type { Operation, Value } from "./program.js";

/** What is differentiated: these outputs, weighed by seeds, by these values. */
export interface Differentiation {
  readonly operations: readonly Operation[];
  readonly table: Readonly<Record<string, Primitive>>;
  readonly outputs: readonly Value[];
  readonly seeds: readonly (Value | undefined)[];
  readonly wrt: readonly Value[];
}

/**
 * Reverse mode: emits into `b` the gradients of Σ seed·output to each of `wrt`; undefined where there is no path.
 * Only operations between the two are visited; what a gradient emits carries the origin of its operation.
 */
export function pullback(
  b: Builder,
  { operations, table, outputs, seeds, wrt }: Differentiation,
): (Value | undefined)[] {
  const path = dependents(b, operations, table, wrt);
  const gradients = new Map<number, Value>();
  const accumulate = (v: Value, g: Value): void => {
    const before = gradients.get(v.id);
    gradients.set(v.id, before === undefined ? g : ops.add(b, before, g));
  };
  outputs.forEach((v, i) => {
    const seed = seeds[i];
    if (seed !== undefined && path.has(v.id)) accumulate(v, seed);
  });
  // Gradients append to the list, so walk what was there before.
  for (let i = operations.length - 1; i >= 0; i--) {
    const op = operations[i]!;
    const out = op.outputs.map((v) => gradients.get(v.id));
    if (out.every((g) => g === undefined)) continue;
    const needed = op.inputs.map((v) => path.has(v.id));
    if (!needed.includes(true)) continue;
    b.withOrigin(op.origin, () => {
      const into = primitiveOf(table, op).gradient(b, op, out, needed);
      op.inputs.forEach((v, k) => {
        const g = into[k];
        if (g !== undefined && needed[k] === true) accumulate(v, g);
      });
    });
  }
  return wrt.map((v) => gradients.get(v.id));
}

function primitiveOf(table: Readonly<Record<string, Primitive>>, op: Operation): Primitive {
  const primitive = table[op.primitive];
  if (primitive === undefined) throw new Error(`unknown primitive ${op.primitive}`);
  return primitive;
}

/** The float values that depend on one of `wrt` in a way that has a gradient. */
function dependents(
  b: Builder,
  operations: readonly Operation[],
  table: Readonly<Record<string, Primitive>>,
  wrt: readonly Value[],
): Set<number> {
  const path = new Set(wrt.map((v) => v.id));
  for (const op of operations) {
    if (primitiveOf(table, op).constant === true || !op.inputs.some((v) => path.has(v.id))) continue;
    for (const v of op.outputs) if (b.typeOf(v).dtype === "float") path.add(v.id);
  }
  return path;
}
