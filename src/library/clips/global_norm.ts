import { ops } from "../../tensor/index.js";
import { defineClip } from "../kinds/clip.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";

export const globalNorm = defineClip({
  name: "global_norm",
  doc: "Scales all gradients together so that their joint Euclidean norm is at most `norm` (Pascanu et al. 2013, algorithm 1).",
  example: "clip: global_norm(1)",
  parameters: { norm: option(positive, "The largest norm.") },
  lower: (b, gradients, options) => {
    const limit = options.norm;
    const squares = gradients.map((g) => ops.sumAll(b, ops.square(b, g)));
    const square = squares.reduce((sum, s) => ops.add(b, sum, s));
    const norm = ops.sqrt(b, square);
    const factor = ops.div(b, limit, ops.max(b, norm, ops.scalar(b, limit)));
    return gradients.map((g) => ops.mul(b, g, factor));
  },
});
