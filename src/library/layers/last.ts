import { dimensionAt, sizeOf } from "../sizes.js";
import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { passes } from "../ranges.js";
import { rank } from "./shapes.js";

export const last = defineLayer({
  name: "last",
  doc: "The last step of a sequence. Shape [time, features] becomes [features].",
  example: "h = series |> lstm(8, return_sequences: true) |> last",
  parameters: { x },
  range: passes,
  shape: ({ inputs: { x: input } }) =>
    rank(input, 2, "last", "sequences, [time, features]") ?? { ...input, dims: [dimensionAt(input.dims, 1)] },
  lower: ({ b, values: { x: value } }) => {
    const shape = b.typeOf(value).shape;
    const axis = shape.length - 2;
    const steps = sizeOf(b, value, axis);
    const begin = shape.map((_, i) => (i === axis ? steps - 1 : 0));
    const size = shape.map((d, i) => (i === axis ? 1 : d));
    const step = ops.slice(b, value, begin, size);
    return ops.reshape(b, step, shape.toSpliced(axis, 1));
  },
});
