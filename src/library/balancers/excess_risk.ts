import { ops, type Value } from "../../tensor/index.js";
import type { FactorBalancer, SharedBalancerContext, SharedWeight } from "../entry.js";
import { nonNegative, option } from "../schemas.js";
import { on, presenceOf, sumKept, vector, weightsOf } from "./common.js";

const EPSILON = 1e-7;

export const excess_risk: FactorBalancer = {
  kind: "balancer",
  name: "excess_risk",
  doc: "Excess-risk balancing (He et al. 2024, algorithm 1): a task's weight grows with e^(rate · excess risk), its distance from the best it can reach, estimated as ½·gᵀH⁻¹g with the roots of Adagrad's sums of squares for the diagonal of H. The factors of the tasks that have labels keep their sum, and are times the static weights. Costs a backward pass through the shared layers for each task.",
  example: "balance: excess_risk",
  parameters: [on, option("rate", nonNegative, "How fast the weights follow.", 0.01)],
  staticWeights: true,
  form: "factors",
  looksAt: "gradients",
  state: (tasks, _options, shared) => [
    { name: "factors", shape: [tasks.length], initial: 1 },
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
    const grown = ops.mul(b, state("factors"), ops.exp(b, ops.mul(b, risks, options.number("rate"))));
    const factors = sumKept(b, state("factors"), grown, presenceOf(b, tasks));
    return {
      factors: ops.mul(b, factors, weightsOf(b, tasks)),
      next: { factors, ...Object.fromEntries(looks.map(({ name, squares }) => [name, squares])) },
    };
  },
};

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
