import { type Builder, type Dimension, ops, type Value } from "../tensor/index.js";
import { asMany, type AsMany } from "./lists.js";

type Values = readonly Value[];

/** Constants are the same in every step, carries go from step to step, and each step gets one slice of `xs` by the first axis. */
interface LoopInputs<C extends Values, S extends Values, X extends Values> {
  readonly constants: C;
  readonly carries: S;
  readonly xs: X;
}

/** One step: values of the body's own builder stand for what the loop was given, in the same places. */
type LoopStep<C extends Values, S extends Values, X extends Values> = (
  body: Builder,
  given: LoopInputs<AsMany<C>, AsMany<S>, AsMany<X>>,
) => { readonly carries: AsMany<S>; readonly ys?: Values };

/** A loop of `length` steps: the last carries, and the outputs of all steps. */
export function loop<const C extends Values, const S extends Values, const X extends Values>(
  b: Builder,
  length: Dimension,
  given: LoopInputs<C, S, X>,
  step: LoopStep<C, S, X>,
): { readonly carries: AsMany<S>; readonly ys: Values } {
  const { carries, ys } = ops.scan(b, length, given, (body, constants, carried, xs) => {
    const made = step(body, {
      constants: asMany(given.constants, constants),
      carries: asMany(given.carries, carried),
      xs: asMany(given.xs, xs),
    });
    return { carries: made.carries, ys: made.ys ?? [] };
  });
  return { carries: asMany(given.carries, carries), ys };
}
