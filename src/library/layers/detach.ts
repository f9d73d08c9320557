import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { passes } from "../ranges.js";

export const detach = defineLayer({
  name: "detach",
  doc: "The same values, through which no gradient flows back.",
  example: "h = first.output |> detach |> dense(8)",
  stopsGradients: true,
  parameters: { x },
  range: passes,
  shape: ({ inputs: { x: input } }) => input,
  lower: ({ b, values: { x: value } }) => ops.detach(b, value),
});
