import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineLayer, type LayerEntry } from "../kinds/layer.js";
import { tensors } from "../kinds/parameters.js";
import { dimensionAt } from "../sizes.js";
import { broadcast } from "./shapes.js";

/** What one elementwise layer has that others have not. */
interface Elementwise extends Pick<LayerEntry, "name" | "doc" | "example" | "written" | "range"> {
  combine(b: Builder, first: Value, others: readonly Value[]): Value;
}

/** A layer that works number by number on tensors of one shape; a dimension of 1 is repeated. */
export function elementwise({ combine, doc, ...facts }: Elementwise): LayerEntry {
  return defineLayer({
    ...facts,
    copies: true,
    doc: `${doc} The shapes are equal, or a dimension is 1 and is repeated.`,
    parameters: { tensors: tensors("A list of tensors, or several.") },
    shape: ({ inputs }) => broadcast(inputs.tensors, facts.name),
    lower: ({ b, inputs, values, output }) => {
      const align = (value: Value, i: number) =>
        alignBatch(b, value, inputs.tensors[i]?.batched ? output.dims.length : undefined);
      const [first, ...others] = values.tensors;
      return combine(
        b,
        align(first, 0),
        others.map((value, i) => align(value, i + 1)),
      );
    },
  });
}

/** Inserts axes of length 1 behind the batch axis of a value of lower rank, so that its dimensions align on the right. */
function alignBatch(b: Builder, value: Value, rank: number | undefined): Value {
  const shape = b.typeOf(value).shape;
  if (rank === undefined || shape.length === rank + 1) return value;
  const ones = Array.from({ length: rank + 1 - shape.length }, () => 1);
  return ops.reshape(b, value, [dimensionAt(shape, 0), ...ones, ...shape.slice(1)]);
}
