import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { oneOf } from "../kinds/values.js";
import { defineMetricAlgorithm } from "../meta-entry.js";
import { embed, keepsMeans, normalized, ofPresent, predictsClass } from "./metric.js";

export const protonet = defineMetricAlgorithm({
  name: "protonet",
  doc: "Prototypical networks (Snell, Swersky and Zemel 2017, equations 1 and 2): a class's prototype is the mean of its embedded support rows, and a row's probabilities are a softmax of −‖embedded − prototype‖². The task's own output is not used; `embed` may name an input, whose raw numbers then are compared.",
  example: "algorithm: protonet(embed: h)",
  parameters: {
    embed,
    distance: option(
      oneOf(["euclidean", "cosine"]),
      "The square of the Euclidean distance, or 1 − the cosine.",
      "euclidean",
    ),
  },
  fits: predictsClass,
  ...keepsMeans,
  scores({ b, options }, [prototypes, counts], embedded) {
    const cosine = options.distance === "cosine";
    const [rows, means] = cosine
      ? [normalized(b, embedded), normalized(b, prototypes)]
      : [embedded, prototypes];
    const along = ops.matmul(b, rows, means, { transposeB: true });
    if (cosine) return ofPresent(b, along, counts);
    // ‖x‖² is the same for every class, and a softmax does not see it.
    const squares = ops.sum(b, ops.square(b, means), [-1], false);
    return ofPresent(b, ops.sub(b, ops.mul(b, along, 2), squares), counts);
  },
});
