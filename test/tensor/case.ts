import type { HostTensor } from "../../src/runtime/tensor.js";
import type { Shape } from "../../src/tensor/dimension.js";
import type { Builder, Value } from "../../src/tensor/index.js";

/** A primitive under test, with inputs that stay away from kinks. */
export interface Case {
  readonly name: string;
  readonly inputs: readonly HostTensor[];
  /** The inputs' shapes where they have a batch in them; then it is 3. */
  readonly shapes?: readonly Shape[];
  readonly build: (b: Builder, inputs: readonly Value[]) => Value;
  /** Differences see what the gradient must not. */
  readonly detached?: true;
}

export function one(
  name: string,
  x: HostTensor,
  build: (b: Builder, x: Value) => Value,
  shape?: Shape,
): Case {
  return {
    name,
    inputs: [x],
    build: (b, [v]) => build(b, v!),
    ...(shape === undefined ? {} : { shapes: [shape] }),
  };
}

export function two(
  name: string,
  x: HostTensor,
  y: HostTensor,
  build: (b: Builder, x: Value, y: Value) => Value,
): Case {
  return { name, inputs: [x, y], build: (b, [v, w]) => build(b, v!, w!) };
}
