import { ops } from "../../tensor/index.js";
import { initializerOption, regularizerOption } from "../declarations.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { count } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { classCount } from "./shapes.js";

export const embedding = defineLayer({
  name: "embedding",
  doc: "A learned vector for each category. Shape […] of `category(n)` becomes […, output_dim]; the table is [n, output_dim].",
  example: "h = word |> embedding(16)",
  table: true,
  parameters: {
    x,
    output_dim: {
      ...option(count, "The length of each vector."),
      elsewhere: ["embedding_dim", "units", "dim"],
    },
    embeddings_initializer: initializerOption("uniform", "How the table begins."),
    embeddings_regularizer: regularizerOption("What is added to the loss for the table."),
  },
  range: isLinear,
  shape: ({ options, inputs: { x: input } }) =>
    input.classes === undefined
      ? problem("NN3004", "`embedding` takes category indices, but here come numbers.", {
          hint: "Declare the input as `category(n)`.",
        })
      : { dtype: "float", dims: [...input.dims, options.output_dim], batched: input.batched },
  weights: ({ options, inputs: { x: input } }) => [
    {
      name: "embeddings",
      shape: [classCount(input), options.output_dim],
      initializer: options.embeddings_initializer,
      regularizer: options.embeddings_regularizer,
    },
  ],
  lower: ({ b, values: { x: value }, weight }) => ops.gather(b, weight("embeddings"), value),
});
