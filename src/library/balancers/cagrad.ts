import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import {
  anglesOf,
  combined,
  dot,
  measureOf,
  on,
  outer,
  presenceOf,
  ratio,
  times,
  weightsOf,
} from "./common.js";
import { simplexMinimum } from "./simplex.js";

/** Lengths of combinations of unit gradients are raised to this, since the norm has no derivative at 0. */
const LEAST = 1e-3;

export const cagrad = defineBalancer({
  name: "cagrad",
  doc: "Conflict-averse gradient descent (Liu, Liu, Jin, Stone and Liu 2021, algorithm 1): within c·‖g₀‖ of the mean gradient g₀ the direction whose worst task gains most, times the number of tasks, so that c = 0 is the sum. Gradients are times their static weights. Costs a backward pass through the shared layers for each task.",
  example: "balance: cagrad",
  parameters: { on, c: option(nonNegative, "How far from the mean gradient the direction may be.", 0.5) },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks, options } = context;
    const weights = weightsOf(b, tasks);
    const present = presenceOf(b, tasks);
    const { lengths, inverse, cosines } = anglesOf(context, weights);
    const count = ops.max(b, ops.sumAll(b, present), 1);
    const longest = ops.maxReduce(b, lengths);
    // Factors of the unit gradients that make the mean gradient, in units of the longest length.
    const mean = ops.div(b, ratio(b, lengths, longest), count);
    const meant = times(b, cosines, mean);
    const size = root(b, dot(b, mean, meant));
    const towards = ratio(b, meant, size);
    const c = ops.scalar(b, options.c);
    const measure = measureOf(b, lengths, present);
    const found = simplexMinimum(b, present, measure, slowest, [cosines, towards, c]);
    const length = ops.max(b, root(b, dot(b, found, times(b, cosines, found))), LEAST);
    const toward = ops.mul(b, ops.div(b, found, length), ops.mul(b, size, c));
    const added = ops.mul(b, toward, ops.mul(b, inverse, longest));
    const factors = ops.add(b, present, ops.mul(b, added, count));
    return combined(context, ops.mul(b, factors, weights));
  },
});

function root(b: Builder, x: Value): Value {
  return ops.sqrt(b, ops.max(b, x, 0));
}

/** What CAGrad minimizes over the weights w, g_w·g₀ / ‖g₀‖ + c·‖g_w‖, with its derivatives. */
function slowest(b: Builder, at: Value, [matrix, towards, radius]: readonly [Value, Value, Value]) {
  const lengthOf = (w: Value, moved: Value) => ops.max(b, root(b, dot(b, w, moved)), LEAST);
  const moved = times(b, matrix, at);
  const length = lengthOf(at, moved);
  const unit = ops.div(b, moved, length);
  const bend = ops.div(b, ops.sub(b, matrix, outer(b, unit, unit)), length);
  return {
    value: (w: Value) => ops.add(b, dot(b, w, towards), ops.mul(b, lengthOf(w, times(b, matrix, w)), radius)),
    gradient: ops.add(b, towards, ops.mul(b, unit, radius)),
    hessian: ops.mul(b, bend, radius),
  };
}
