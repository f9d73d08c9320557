import { ops } from "../../tensor/index.js";
import { defineClip } from "../kinds/clip.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";

export const value = defineClip({
  name: "value",
  doc: "Cuts each number of each gradient to ±`limit`.",
  example: "clip: value(0.5)",
  parameters: { limit: option(positive, "The largest size.") },
  lower: (b, gradients, options) => {
    const limit = options.limit;
    return gradients.map((g) => ops.clip(b, g, -limit, limit));
  },
});
