import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";
import {
  anglesOf,
  combined,
  isPositive,
  middleOf,
  on,
  outer,
  presenceOf,
  times,
  weightsOf,
} from "./common.js";
import { eigen } from "./eigen.js";

/** The rounding error of a float32. */
const EPSILON = 2 ** -23;

export const aligned_mtl = defineBalancer({
  name: "aligned_mtl",
  doc: "Aligned-MTL (Senushkin, Patakin, Kuznetsov and Konushin 2023, algorithm 1): gives all principal components of the tasks' gradients the length of the shortest one, so that none dominates and none is opposed; the static weights are the preferences. Costs a backward pass through the shared layers for each task.",
  example: "balance: aligned_mtl",
  parameters: { on },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks } = context;
    const { lengths, there: present, cosines } = anglesOf(context);
    const sizes = ops.mul(b, ops.div(b, lengths, middleOf(b, lengths, present)), present);
    const { values, vectors } = eigen(b, ops.mul(b, cosines, outer(b, sizes, sizes)));
    // Eigenvalues that are no larger than the rounding error of the squares they are sums of count as 0.
    const parts = ops.sum(b, ops.square(b, ops.mul(b, vectors, ops.expandDims(b, sizes, 1))), [0]);
    const there = isPositive(b, ops.sub(b, values, ops.mul(b, parts, EPSILON * tasks.length)));
    const roots = ops.sqrt(b, ops.select(b, there, values, 1));
    const least = ops.minReduce(b, ops.select(b, there, roots, ops.maxReduce(b, roots)));
    const stretch = ops.select(b, there, ops.div(b, least, roots), 0);
    const preferences = ops.mul(b, weightsOf(b, tasks), presenceOf(b, tasks));
    const inside = times(b, ops.transpose(b, vectors), preferences);
    return combined(context, times(b, vectors, ops.mul(b, stretch, inside)));
  },
});
