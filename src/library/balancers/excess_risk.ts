import { type Builder, ops, type Value } from "../../tensor/index.js";
import type { SharedBalancerContext, SharedWeight } from "../entry.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import { isPositive, on, presenceOf, vector, weightsOf } from "./common.js";

const EPSILON = 1e-7;

export const excess_risk = defineBalancer({
  name: "excess_risk",
  doc: "Excess-risk balancing (He et al. 2024, algorithm 1): a task's weight grows with e^(rate · excess risk), its distance from the best it can reach, estimated as ½·gᵀH⁻¹g with the roots of Adagrad's sums of squares for the diagonal of H. The factors of the tasks that have labels keep their sum, and are times the static weights. Costs a backward pass through the shared layers for each task.",
  example: "balance: excess_risk",
  parameters: { on, rate: option(nonNegative, "How fast the weights follow.", 0.01) },
  staticWeights: true,
  form: "factors",
  looksAt: "gradients",
  state: (tasks, _options, shared) => [
    { name: "logits", shape: [tasks.length], initial: 0 },
    ...shared.map(({ path, shape }) => ({
      name: squaresOf(path),
      shape: [tasks.length, ...shape],
      initial: 0,
    })),
  ],
  factors(context) {
    const { b, tasks, options, state } = context;
    const looks = context.shared.map((weight) => look(context, weight));
    const none = ops.zeros(b, [tasks.length]);
    const risks = looks.reduce((sum, { risk }) => ops.add(b, sum, risk), none);
    // The state holds logarithms of the factors: the exponential of a large risk would be infinite.
    const present = presenceOf(b, tasks);
    const grown = ops.add(b, state("logits"), ops.mul(b, risks, options.rate));
    const there = isPositive(b, present);
    // The largest is subtracted first, since a number added to a much larger one is lost to rounding.
    const near = ops.sub(b, grown, ops.maxReduce(b, ops.select(b, there, grown, -3e38)));
    const missing = ops.sub(b, total(b, state("logits"), there), total(b, near, there));
    const logits = ops.select(b, there, ops.add(b, near, missing), state("logits"));
    return {
      factors: ops.mul(b, ops.exp(b, logits), weightsOf(b, tasks)),
      next: { logits, ...Object.fromEntries(looks.map(({ name, squares }) => [name, squares])) },
    };
  },
});

/** The logarithm of the sum of the factors where `mask` is true. */
function total(b: Builder, logits: Value, mask: Value): Value {
  return ops.logSumExp(b, ops.select(b, mask, logits, -3e38));
}

function squaresOf(path: string): string {
  return `squares/${path}`;
}

/** One weight's part in the risks, shape [tasks], and its sums of squares after the step. */
function look(
  { b, state }: SharedBalancerContext,
  { path, gradients, shape }: SharedWeight,
): { name: string; risk: Value; squares: Value } {
  const name = squaresOf(path);
  const square = ops.square(b, vector(b, gradients));
  const squares = ops.add(b, state(name), square);
  const steps = ops.div(b, square, ops.add(b, ops.sqrt(b, squares), EPSILON));
  const axes = shape.map((_, i) => i + 1);
  return { name, risk: ops.mul(b, ops.sum(b, steps, axes), 0.5), squares };
}
