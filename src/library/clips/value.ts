import { ops } from "../../tensor/index.js";
import type { ClipEntry } from "../entry.js";
import { option, positive } from "../schemas.js";

export const value: ClipEntry = {
  kind: "clip",
  name: "value",
  doc: "Cuts each number of each gradient to ±`limit`.",
  example: "clip: value(0.5)",
  parameters: [option("limit", positive, "The largest size.")],
  lower: (b, gradients, options) => {
    const limit = options.number("limit");
    return gradients.map((g) => ops.clip(b, g, -limit, limit));
  },
};
