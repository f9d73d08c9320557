import { sizeOf } from "../sizes.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { loop } from "../loop.js";
import { identity, isPositive, outer, times } from "./common.js";
import { solve } from "./solve.js";

const STEPS = 40;
/** Bounds whose powers float32 holds: where gradients cancel each other there is no root, and numbers would grow without end. */
const LEAST = 1e-30;
const MOST = 1e15;
/** Added to the diagonal, so that linearly dependent gradients make no singular matrix; it does not move the root. */
const RIDGE = 3e-6;

/**
 * Solves (C·x)ᵢ = kᵢ·xᵢ^(−1/alpha) by Newton's method for x > 0 where `mask` is 1; x is 0 elsewhere. C, the cosines between
 * gradients, is positive semidefinite, so the root is the minimum of a convex function.
 */
export function fairRoot(b: Builder, cosines: Value, mask: Value, k: Value, alpha: number): Value {
  // The root for orthogonal gradients, where C is the identity.
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
 * Multiplies or divides each number by a factor of its own: one that has to shrink a lot does not slow the others, and none
 * becomes negative. The system is scaled to a diagonal of 1, since the numbers may be of very unlike sizes.
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
