import { evaluateShape } from "./dimension.js";
import { primitiveNamed } from "./primitives/index.js";
import { typeOf } from "./lookup.js";
import type { Program, Value } from "./program.js";

/** The multiply-adds of one run of a program; a loop's body counts as often as it turns. */
export function multiplyAddsOf(program: Program, batch: number): number {
  const shapes = (values: readonly Value[]) =>
    values.map((value) => evaluateShape(typeOf(program, value).shape, batch));
  return program.operations.reduce((sum, { primitive, inputs, outputs, attributes }) => {
    const work = primitiveNamed(primitive).multiplyAdds?.({
      inputs: shapes(inputs),
      output: shapes(outputs)[0] ?? [],
      attributes,
      batch,
      inBody: (body) => multiplyAddsOf(body, batch),
    });
    return sum + (work ?? 0);
  }, 0);
}
