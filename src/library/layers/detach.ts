import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { x } from "../schemas.js";
import { passes } from "../ranges.js";

export const detach: LayerEntry = {
  kind: "layer",
  name: "detach",
  doc: "The same values, through which no gradient flows back.",
  example: "h = first.output |> detach |> dense(8)",
  stopsGradients: true,
  parameters: [x],
  range: passes,
  shape: ({ inputs: [input] }) => input!,
  lower: ({ b, values: [value] }) => ops.detach(b, value!),
};
