import { integer, listOf } from "../kinds/values.js";
import { elementCount } from "../../runtime/elements.js";
import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { passes } from "../ranges.js";
import { show } from "./shapes.js";

export const reshape = defineLayer({
  name: "reshape",
  doc: "The same numbers in another shape, row-major; one dimension may be -1 and is found. The batch is not written.",
  example: "image = pixels |> reshape([8, 8, 1])",
  copies: true,
  parameters: {
    x,
    target_shape: option(
      listOf(integer({ minimum: -1, maximum: 2_147_483_647, not: { const: 0 } }), { maxItems: 8 }),
      "The new dimensions.",
    ),
  },
  range: passes,
  shape: ({ options, inputs: { x: input } }) => {
    const target = options.target_shape;
    const size = elementCount(input.dims);
    const known = elementCount(target.filter((d) => d !== -1));
    const open = target.filter((d) => d === -1).length;
    if (open > 1) {
      return problem("NN3001", "`reshape` can find one dimension, but several are -1.", {
        option: "target_shape",
      });
    }
    if (open === 1 ? size % known !== 0 : size !== known) {
      return problem(
        "NN3001",
        `\`reshape\` cannot make [${target.join(", ")}] of ${show(input)}: ${known} numbers against ${size}.`,
        { option: "target_shape" },
      );
    }
    return { ...input, dims: target.map((d) => (d === -1 ? size / known : d)) };
  },
  lower: ({ b, values: { x: value }, output, batch }) =>
    ops.reshape(b, value, output.batched ? [batch, ...output.dims] : output.dims),
});
