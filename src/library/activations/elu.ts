import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const elu: ActivationEntry = {
  kind: "activation",
  name: "elu",
  doc: "x where it is positive, else `alpha` · (eˣ - 1) (Clevert et al. 2016).",
  example: "h = x |> dense(8, elu)",
  parameters: [option("alpha", nonNegative, "The limit far below 0, negated.", 1)],
  range: (options) => ({ low: -options.number("alpha"), high: Infinity }),
  lower: (b, x, options) => {
    const below = ops.expm1(b, ops.min(b, x, ops.scalar(b, 0)));
    return ops.select(b, ops.lt(b, ops.scalar(b, 0), x), x, ops.mul(b, below, options.number("alpha")));
  },
};
