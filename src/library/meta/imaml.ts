import { type Builder, ops, type Value } from "../../tensor/index.js";
import { lastOf, pairs } from "../lists.js";
import { option } from "../kinds/parameters.js";
import { count, positive } from "../kinds/values.js";
import { defineGradientAlgorithm, type TaskContext } from "../meta-entry.js";
import { adapt, innerLr, innerSteps, oneRate, pulling, unroll } from "./common.js";

export const imaml = defineGradientAlgorithm({
  name: "imaml",
  doc: "Implicit MAML (Rajeswaran, Finn, Kakade and Levine 2019, algorithms 1 and 2): inner steps on the support's loss + ½·strength·‖φ − θ‖²; the meta-gradient (I + H / strength)⁻¹ ∇L of the query at φ, H being the support's Hessian there, comes from `cg_steps` steps of conjugate gradients and needs no inner step to be kept. Where the support's loss bends down more than `strength` holds, I + H / strength is not positive: conjugate gradients go on through it, as the paper's code does, and the meta-gradient may point uphill; a larger `strength` keeps it positive.",
  example: "algorithm: imaml(inner_steps: 10, inner_lr: 0.05, strength: 2)",
  parameters: {
    inner_steps: innerSteps,
    inner_lr: innerLr,
    strength: option(positive, "How strongly adapted weights are held back.", 2),
    cg_steps: option(count, "Steps of conjugate gradients.", 5),
    unroll,
    adapt,
  },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  adaptation: (context) => ({ rates: oneRate(context), proximal: context.options.strength }),
  meta(context) {
    const { b, options, adapting } = context;
    const trajectory = context.descend({
      steps: options.inner_steps,
      rates: oneRate(context),
      second: false,
      proximal: options.strength,
    });
    const adapted = lastOf(trajectory).map((value) => ops.detach(b, value));
    const loss = context.queryLoss(adapted);
    const slopes = b.gradients(context.supportLoss(adapted), adapted);
    const solved = solve(context, adapted, slopes, b.gradients(loss, adapted));
    const weights = adapting.map(({ value }) => value);
    const pulled = ops.add(b, loss, pulling(b, weights, solved));
    // Weights that do not adapt move φ too: by −(I + H / λ)⁻¹ ∂(∇L of the support)/∂ψ / λ.
    const fixed = solved.map((value) => ops.detach(b, value));
    const through = ops.div(b, dot(b, slopes, fixed), options.strength);
    return { loss, objective: ops.sub(b, pulled, through) };
  },
});

/** (I + H / strength)⁻¹ g by conjugate gradients. */
function solve(
  {
    b,
    options,
  }: Pick<TaskContext<{ readonly strength: number; readonly cg_steps: number }>, "b" | "options">,
  adapted: readonly Value[],
  slopes: readonly Value[],
  g: readonly Value[],
): Value[] {
  const times = (v: readonly Value[]) => {
    // The direction depends on the same weights, but is a constant in this derivative.
    const fixed = v.map((x) => ops.detach(b, x));
    const curved = b.gradients(dot(b, slopes, fixed), adapted);
    return pairs(v, curved).map(([x, bent]) => ops.add(b, x, ops.div(b, bent, options.strength)));
  };
  let x = g.map((value) => ops.zeros(b, b.typeOf(value).shape));
  let r = [...g];
  let p = [...g];
  let square = dot(b, r, r);
  for (let k = 0; k < options.cg_steps; k++) {
    const ap = times(p);
    // Along a direction of negative curvature the step is negative, as in the paper's code.
    const length = safeRatio(b, square, dot(b, p, ap));
    x = moved(b, x, p, length);
    r = moved(b, r, ap, ops.neg(b, length));
    const next = dot(b, r, r);
    p = moved(b, r, p, safeRatio(b, next, square));
    square = next;
  }
  return x;
}

function dot(b: Builder, x: readonly Value[], y: readonly Value[]): Value {
  return pairs(x, y)
    .map(([v, w]) => ops.sumAll(b, ops.mul(b, v, w)))
    .reduce((sum, term) => ops.add(b, sum, term));
}

function moved(b: Builder, x: readonly Value[], along: readonly Value[], by: Value): Value[] {
  return pairs(x, along).map(([v, way]) => ops.add(b, v, ops.mul(b, way, by)));
}

/** x / y, or 0 where y is almost 0: the direction is then 0, and nothing is left to solve. */
function safeRatio(b: Builder, x: Value, y: Value): Value {
  const there = ops.lt(b, ops.scalar(b, 1e-20), ops.abs(b, y));
  return ops.select(b, there, ops.div(b, x, ops.select(b, there, y, 1)), 0);
}
