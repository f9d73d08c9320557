import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { classCount } from "./shapes.js";

export const oneHot = defineLayer({
  name: "one_hot",
  doc: "A category as a vector of one 1 and zeros. Shape […] of `category(n)` becomes […, n].",
  example: "h = concat(measures, island |> one_hot)",
  parameters: { x },
  range: () => ({ low: 0, high: 1, shares: true }),
  shape: ({ inputs: { x: input } }) =>
    input.classes === undefined
      ? problem("NN3004", "`one_hot` takes category indices, but here come numbers.", {
          hint: 'Declare the input as `category(n)` or `category("a", "b")`.',
        })
      : { dtype: "float", dims: [...input.dims, input.classes.count], batched: input.batched },
  lower: ({ b, inputs: { x: input }, values: { x: value } }) => ops.oneHot(b, value, classCount(input)),
});
