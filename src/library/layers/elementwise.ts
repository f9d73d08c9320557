import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineLayer, type LayerEntry } from "../kinds/layer.js";
import { tensors } from "../kinds/parameters.js";
import { broadcast } from "./shapes.js";

/** A layer that works number by number on tensors of one shape; a dimension of 1 is repeated. */
export function elementwise(
  name: string,
  doc: string,
  example: string,
  combine: (b: Builder, values: readonly Value[]) => Value,
  range: LayerEntry["range"],
): LayerEntry {
  return defineLayer({
    name,
    doc: `${doc} The shapes are equal, or a dimension is 1 and is repeated.`,
    example,
    parameters: { tensors: tensors("A list of tensors, or several.") },
    range,
    shape: ({ inputs }) => broadcast(inputs.tensors, name),
    lower: ({ b, inputs, values, output }) => {
      const aligned = values.tensors.map((value, i) =>
        alignBatch(b, value, inputs.tensors[i]?.batched ? output.dims.length : undefined),
      );
      return combine(b, aligned);
    },
  });
}

/** Gives a batched value of lower rank ones between the batch and its own dimensions, so that right-alignment holds. */
function alignBatch(b: Builder, value: Value, rank: number | undefined): Value {
  const shape = b.typeOf(value).shape;
  if (rank === undefined || shape.length === rank + 1) return value;
  const ones = Array.from({ length: rank + 1 - shape.length }, () => 1);
  return ops.reshape(b, value, [shape[0]!, ...ones, ...shape.slice(1)]);
}
