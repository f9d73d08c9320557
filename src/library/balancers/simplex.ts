import { ops, type Builder, type Value } from "../../tensor/index.js";
import type { AsMany } from "../lists.js";
import { loop } from "../loop.js";
import { diagonal, diagonalOf, dot, outer, ratio } from "./common.js";
import { solve } from "./solve.js";

/** A convex function, and its first and second derivatives at a point, shapes [n] and [n, n]; `constants` are the given ones. */
export type Convex<C extends readonly Value[]> = (
  b: Builder,
  at: Value,
  constants: AsMany<C>,
) => { readonly value: (at: Value) => Value; readonly gradient: Value; readonly hessian: Value };

const STEPS = 30;
/** By how much the barrier is lowered in a step, and how low it gets: functions are scaled to about 1. */
const LOWERED = 0.1;
const LOWEST = 1e-13;
/** The share of the way to the boundary that a step may go. */
const WAY = 0.99;
/** Added to the diagonal, relatively: dependent gradients make no singular matrix, and the minimum stays where it is. */
const RIDGE = 1e-6;
/** How often a step may be halved. */
const HALVINGS = 7;

/**
 * Where a convex function of numbers w ≥ 0 with Σ measure·w = 1 is least; those whose `mask` is 0 are 0. A primal-dual
 * interior-point method (Wright, Primal-Dual Interior-Point Methods, 1997). The measure is at most 1, and 0 outside of the
 * mask: numbers of very unlike size are given as multiples of their own size.
 */
export function simplexMinimum<const C extends readonly Value[]>(
  b: Builder,
  mask: Value,
  measure: Value,
  convex: Convex<C>,
  constants: C,
): Value {
  const count = ops.max(b, ops.sumAll(b, mask), 1);
  const start = ratio(b, mask, ops.sumAll(b, measure));
  const given = { constants: [mask, measure, count, ...constants], carries: [start, mask], xs: [] } as const;
  const { carries } = loop(
    b,
    STEPS,
    given,
    (body, { constants: [there, weighed, n, ...rest], carries: [w, z] }) => ({
      carries: step(body, { there, measure: weighed, n, w, z, ...convex(body, w, rest) }),
    }),
  );
  return carries[0];
}

interface Point {
  readonly there: Value;
  readonly measure: Value;
  readonly n: Value;
  /** The point, and the multipliers of the constraints w ≥ 0. */
  readonly w: Value;
  readonly z: Value;
  readonly value: (at: Value) => Value;
  readonly gradient: Value;
  readonly hessian: Value;
}

function step(b: Builder, { there, measure, n, w, z, value, gradient, hessian }: Point): [Value, Value] {
  const absent = ops.sub(b, 1, there);
  // Absent numbers get rows of the identity, so that they stay as they are.
  const [safe, slack] = [ops.add(b, w, absent), ops.add(b, z, absent)];
  const barrier = ops.max(b, ops.mul(b, ops.div(b, dot(b, w, z), n), LOWERED), LOWEST);
  const pulled = ops.div(b, barrier, safe);
  const among = outer(b, there, there);
  // Steps keep Σ measure·w, so that curvature along `measure` changes none of them; adding some makes a matrix regular that
  // is singular in that direction alone.
  const curved = ops.add(b, ops.mul(b, hessian, among), outer(b, measure, measure));
  const bent = ops.add(b, curved, diagonal(b, ops.div(b, slack, safe)));
  const matrix = ops.add(b, bent, diagonal(b, ops.mul(b, diagonalOf(b, bent), RIDGE)));
  const down = ops.mul(b, ops.sub(b, pulled, gradient), there);
  const [u, v] = solve(b, matrix, [down, measure]);
  const level = ops.div(b, dot(b, u, measure), ops.max(b, dot(b, v, measure), 1e-30));
  const dw = ops.mul(b, ops.sub(b, u, ops.mul(b, v, level)), there);
  const dz = ops.mul(b, ops.sub(b, ops.sub(b, pulled, z), ops.div(b, ops.mul(b, z, dw), safe)), there);
  const shrinking = (d: Value, x: Value) => ops.maxReduce(b, ops.div(b, ops.neg(b, d), x));
  const most = ops.max(b, shrinking(dw, safe), shrinking(dz, slack));
  const whole = ops.min(b, 1, ops.div(b, WAY, ops.max(b, most, 1e-30)));
  const length = shortened(b, whole, (by) => {
    const to = ops.add(b, w, ops.mul(b, dw, by));
    const held = dot(b, there, ops.log(b, ops.add(b, to, absent)));
    return ops.sub(b, value(to), ops.mul(b, barrier, held));
  });
  return [ops.add(b, w, ops.mul(b, dw, length)), ops.add(b, z, ops.mul(b, dz, length))];
}

/** The step's length, halved as often as makes the function least: near a kink a whole step goes too far. */
function shortened(b: Builder, whole: Value, merit: (length: Value) => Value): Value {
  let length = whole;
  let least = merit(whole);
  let half = whole;
  for (let k = 0; k < HALVINGS; k++) {
    half = ops.mul(b, half, 0.5);
    const reached = merit(half);
    const better = ops.lt(b, reached, least);
    length = ops.select(b, better, half, length);
    least = ops.select(b, better, reached, least);
  }
  return length;
}
