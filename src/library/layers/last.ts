import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { x } from "../schemas.js";
import { rank } from "./shapes.js";
import { passes } from "../ranges.js";

export const last: LayerEntry = {
  kind: "layer",
  name: "last",
  doc: "The last step of a sequence. Shape [time, features] becomes [features].",
  example: "h = series |> lstm(8, return_sequences: true) |> last",
  parameters: [x],
  range: passes,
  shape: ({ inputs: [input] }) =>
    rank(input!, 2, "last", "sequences, [time, features]") ?? { ...input!, dims: [input!.dims[1]!] },
  lower: ({ b, values: [value] }) => {
    const shape = b.typeOf(value!).shape;
    const axis = shape.length - 2;
    const steps = shape[axis] as number;
    const begin = shape.map((_, i) => (i === axis ? steps - 1 : 0));
    const size = shape.map((d, i) => (i === axis ? 1 : d));
    const step = ops.slice(b, value!, begin, size);
    return ops.reshape(b, step, shape.toSpliced(axis, 1));
  },
};
