import { ops } from "../../tensor/index.js";
import { problem, type LayerEntry } from "../entry.js";
import { x } from "../schemas.js";

export const oneHot: LayerEntry = {
  kind: "layer",
  name: "one_hot",
  doc: "A category as a vector of one 1 and zeros. Shape […] of `category(n)` becomes […, n].",
  example: "h = concat(measures, island |> one_hot)",
  parameters: [x],
  range: () => ({ low: 0, high: 1, shares: true }),
  shape: ({ inputs: [input] }) =>
    input!.classes === undefined
      ? problem("NN3004", "`one_hot` takes category indices, but here come numbers.", {
          hint: 'Declare the input as `category(n)` or `category("a", "b")`.',
        })
      : { dtype: "float", dims: [...input!.dims, input!.classes.count], batched: input!.batched },
  lower: ({ b, inputs: [input], values: [value] }) => ops.oneHot(b, value!, input!.classes!.count),
};
