import type { Builder } from "./emitter.js";
import * as ops from "./ops.js";
import { primitiveNamed } from "./primitives/index.js";
import type { Operation, Value } from "./program.js";

/** What `pullback` differentiates: Σ seed·output by each of `wrt`. */
export interface Differentiation {
  readonly operations: readonly Operation[];
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
  { operations, outputs, seeds, wrt }: Differentiation,
): (Value | undefined)[] {
  const path = dependents(b, operations, wrt);
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
      const into = primitiveNamed(op.primitive).gradient(b, op, out, needed);
      op.inputs.forEach((v, k) => {
        const g = into[k];
        if (g !== undefined && needed[k] === true) accumulate(v, g);
      });
    });
  }
  return wrt.map((v) => gradients.get(v.id));
}

/** The float values that depend on one of `wrt` in a way that has a gradient. */
function dependents(b: Builder, operations: readonly Operation[], wrt: readonly Value[]): Set<number> {
  const path = new Set(wrt.map((v) => v.id));
  for (const op of operations) {
    if (primitiveNamed(op.primitive).constant === true || !op.inputs.some((v) => path.has(v.id))) continue;
    for (const v of op.outputs) if (b.typeOf(v).dtype === "float") path.add(v.id);
  }
  return path;
}
