import { defineMetricAlgorithm } from "../meta-entry.js";
import { ops } from "../../tensor/index.js";
import { embed, normalized, predictsClass } from "./metric.js";

export const matching = defineMetricAlgorithm({
  name: "matching",
  doc: "Matching networks (Vinyals et al. 2016, equation 1 and section 2.1.1, without full context embeddings): a class's probability is the share of attention that its support rows get, a softmax of the cosines between embedded rows. A support has at most as many rows as an episode's. The task's own output is not used.",
  example: "algorithm: matching(embed: h)",
  parameters: { embed },
  fits: predictsClass,
  kept: ({ support, ways, width }) => [
    { path: "support", shape: [support, width] },
    { path: "classes", shape: [support, ways] },
  ],
  capacity: ({ support }) => support,
  keep: ({ b }, { embedded, classes }) => [normalized(b, embedded), classes],
  scores({ b }, [support, classes], embedded) {
    const cosines = ops.matmul(b, normalized(b, embedded), support, { transposeB: true });
    // Rows that a smaller support leaves empty have no class in `classes`, so they add nothing.
    const attention = ops.matmul(b, ops.exp(b, cosines), classes);
    return ops.log(b, ops.max(b, attention, 1e-30));
  },
});
