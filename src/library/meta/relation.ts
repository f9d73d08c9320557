import { dimensionAt, sizeOf } from "../sizes.js";
import { ops } from "../../tensor/index.js";
import { component } from "../declarations.js";
import { option } from "../kinds/parameters.js";
import { count } from "../kinds/values.js";
import { defineMetricAlgorithm } from "../meta-entry.js";
import { embed, keepsMeans, ofPresent, predictsClass } from "./metric.js";

const PATHS = {
  hiddenKernel: "relation/hidden/kernel",
  hiddenBias: "relation/hidden/bias",
  outputKernel: "relation/output/kernel",
  outputBias: "relation/output/bias",
} as const;

export const relation = defineMetricAlgorithm({
  name: "relation",
  doc: "Relation networks (Sung et al. 2018, equations 1 and 2): a learned network, a relu layer of `hidden` numbers and a sigmoid, scores how alike a row and a class are from both embedded, the class by the mean of its support rows (the paper's sum, for supports of any size). The mean squared error of the scores, 1 for the row's class and 0 for others, is made small; probabilities are shares of the scores. The task's own output is not used.",
  example: "algorithm: relation(embed: h)",
  parameters: { embed, hidden: option(count, "Numbers in the relation's hidden layer.", 8) },
  learned: (options, { width }) => {
    const hidden = options.hidden;
    const glorot = component("glorot_uniform");
    const zeros = component("zeros");
    return [
      { path: PATHS.hiddenKernel, shape: [2 * width, hidden], initializer: glorot },
      { path: PATHS.hiddenBias, shape: [hidden], initializer: zeros },
      { path: PATHS.outputKernel, shape: [hidden, 1], initializer: glorot },
      { path: PATHS.outputBias, shape: [1], initializer: zeros },
    ];
  },
  fits: predictsClass,
  ...keepsMeans,
  scores({ b, learned }, [means, counts], embedded) {
    const kernel = learned(PATHS.hiddenKernel);
    const width = sizeOf(b, means, 1);
    const half = (from: number) => ops.sliceAxis(b, kernel, 0, from, width);
    // A dense layer of class and row concatenated is the sum of one layer of each.
    const ofClasses = ops.matmul(b, means, half(0));
    const ofRows = ops.expandDims(b, ops.matmul(b, embedded, half(width)), 1);
    const hidden = ops.relu(b, ops.add(b, ops.add(b, ofRows, ofClasses), learned(PATHS.hiddenBias)));
    const output = ops.reshape(b, learned(PATHS.outputKernel), [dimensionAt(b.typeOf(kernel).shape, 1)]);
    const sum = ops.sum(b, ops.mul(b, hidden, output), [-1], false);
    const z = ops.add(b, sum, learned(PATHS.outputBias));
    // The logarithm of sigmoid(z), so that a softmax divides each sigmoid by the sum of all.
    return ofPresent(b, ops.neg(b, ops.softplus(b, ops.neg(b, z))), counts);
  },
  objective: ({ b }, scores, classes) => ops.mean(b, ops.square(b, ops.sub(b, ops.exp(b, scores), classes))),
});
