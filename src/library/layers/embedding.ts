import { ops } from "../../tensor/index.js";
import { problem, type LayerEntry } from "../entry.js";
import { count, initializerOption, option, regularizerOption, x } from "../schemas.js";
import { isLinear } from "../ranges.js";

export const embedding: LayerEntry = {
  kind: "layer",
  name: "embedding",
  doc: "A learned vector for each category. Shape […] of `category(n)` becomes […, output_dim]; the table is [n, output_dim].",
  example: "h = word |> embedding(16)",
  table: true,
  parameters: [
    x,
    option("output_dim", count, "The length of each vector."),
    initializerOption("embeddings_initializer", "uniform", "How the table begins."),
    regularizerOption("embeddings_regularizer", "What is added to the loss for the table."),
  ],
  range: isLinear,
  shape: ({ options, inputs: [input] }) =>
    input!.classes === undefined
      ? problem("NN3004", "`embedding` takes category indices, but here come numbers.", {
          hint: "Declare the input as `category(n)`.",
        })
      : { dtype: "float", dims: [...input!.dims, options.number("output_dim")], batched: input!.batched },
  weights: ({ options, inputs: [input] }) => [
    {
      name: "embeddings",
      shape: [input!.classes!.count, options.number("output_dim")],
      initializer: options.component("embeddings_initializer")!,
      regularizer: options.component("embeddings_regularizer"),
    },
  ],
  lower: ({ b, values: [value], weight }) => ops.gather(b, weight("embeddings"), value!),
};
