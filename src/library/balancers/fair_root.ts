import { sizeOf } from "../sizes.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { loop } from "../loop.js";
import { identity, isPositive, outer, times } from "./common.js";
import { solve } from "./solve.js";

const STEPS = 40;
/** What float32 still has powers of. Where a combination of the gradients is 0 there is no root, and numbers would grow without end. */
const LEAST = 1e-30;
const MOST = 1e15;
/** By how much the diagonal is raised, so that dependent gradients make no singular matrix; the root stays where it is. */
const RIDGE = 3e-6;

/**
 * The positive numbers x of `mask` with (C·x)ᵢ = kᵢ·xᵢ^(−1/alpha), 0 elsewhere, by Newton's method: the minimum of a convex
 * function, as C, the cosines between gradients, is positive semidefinite.
 */
export function fairRoot(b: Builder, cosines: Value, mask: Value, k: Value, alpha: number): Value {
  // Where gradients do not meet, this is the root.
  const start = ops.pow(b, ops.select(b, isPositive(b, mask), k, 1), alpha / (alpha + 1));
  const given = { constants: [cosines, mask, k], carries: [start], xs: [] } as const;
  const { carries } = loop(b, STEPS, given, (body, { constants: [c, there, scale], carries: [x] }) => ({
    carries: [step(body, { cosines: c, there, k: scale, x, alpha })],
  }));
  return ops.mul(b, carries[0], mask);
}

interface Turn {
  readonly cosines: Value;
  readonly there: Value;
  readonly k: Value;
  readonly x: Value;
  readonly alpha: number;
}

/**
 * Each number moves by its own share of itself: one that has far to go down does not hold up the others, and none goes
 * below 0. The system is scaled to a diagonal of 1, since the numbers may be of very unlike sizes.
 */
function step(b: Builder, { cosines, there, k, x, alpha }: Turn): Value {
  const power = ops.mul(b, k, ops.pow(b, x, -1 / alpha));
  const slope = ops.div(b, power, ops.mul(b, x, alpha));
  const missing = ops.mul(b, ops.sub(b, power, times(b, cosines, x)), there);
  const scale = ops.mul(b, ops.rsqrt(b, ops.add(b, slope, 1)), there);
  const unit = identity(b, sizeOf(b, x, 0));
  const beside = ops.mul(b, ops.mul(b, cosines, outer(b, scale, scale)), ops.sub(b, 1, unit));
  const matrix = ops.add(b, beside, ops.mul(b, unit, 1 + RIDGE));
  const [found] = solve(b, matrix, [ops.mul(b, missing, scale)]);
  const share = ops.div(b, ops.mul(b, found, scale), x);
  const up = ops.add(b, 1, ops.max(b, share, 0));
  const down = ops.sub(b, 1, ops.min(b, share, 0));
  return ops.clip(b, ops.div(b, ops.mul(b, x, up), down), LEAST, MOST);
}
