import { ops } from "../../tensor/index.js";
import type { DirectionBalancer } from "../entry.js";
import { combined, gramOf, isPositive, on, presenceOf, ratio, times, weightsOf } from "./common.js";
import { eigen } from "./eigen.js";

/** The rounding error of a float32, times which and their number the largest eigenvalue counts as 0. */
const EPSILON = 2 ** -23;

export const aligned_mtl: DirectionBalancer = {
  kind: "balancer",
  name: "aligned_mtl",
  doc: "Aligned-MTL (Senushkin, Patakin, Kuznetsov and Konushin 2023, algorithm 1): gives all principal components of the tasks' gradients the length of the shortest one, so that none dominates and none is opposed; the static weights are the preferences. Costs a backward pass through the shared layers for each task.",
  example: "balance: aligned_mtl",
  parameters: [on],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks } = context;
    const { values, vectors } = eigen(b, gramOf(context));
    const largest = ops.maxReduce(b, values);
    const there = isPositive(b, ops.sub(b, values, ops.mul(b, largest, EPSILON * tasks.length)));
    const least = ops.minReduce(b, ops.select(b, there, values, largest));
    const stretch = ops.select(b, there, ops.sqrt(b, ops.max(b, ratio(b, least, values), 0)), 0);
    const preferences = ops.mul(b, weightsOf(b, tasks), presenceOf(b, tasks));
    const inside = times(b, ops.transpose(b, vectors), preferences);
    return combined(context, times(b, vectors, ops.mul(b, stretch, inside)));
  },
};
