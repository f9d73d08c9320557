import { ops } from "../../tensor/index.js";
import type { ClipEntry } from "../entry.js";
import { option, positive } from "../schemas.js";

export const globalNorm: ClipEntry = {
  kind: "clip",
  name: "global_norm",
  doc: "Scales all gradients together so that their joint Euclidean norm is at most `norm` (Pascanu et al. 2013, algorithm 1).",
  example: "clip: global_norm(1)",
  parameters: [option("norm", positive, "The largest norm.")],
  lower: (b, gradients, options) => {
    const limit = options.number("norm");
    const squares = gradients.map((g) => ops.sumAll(b, ops.square(b, g)));
    const norm = ops.sqrt(
      b,
      squares.slice(1).reduce((sum, s) => ops.add(b, sum, s), squares[0]!),
    );
    const factor = ops.div(b, limit, ops.max(b, norm, ops.scalar(b, limit)));
    return gradients.map((g) => ops.mul(b, g, factor));
  },
};
