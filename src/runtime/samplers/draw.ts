import type { SamplerContext } from "./sampler.js";

/** Draws every slot's source by itself, in these shares. */
export function draw({ units, uniform }: SamplerContext, shares: readonly number[]): Int32Array {
  const slots = units.reduce((a, n) => a + n, 0);
  const total = shares.reduce((a, x) => a + x, 0);
  const drawn = uniform(slots);
  return Int32Array.from({ length: slots }, (_, k) => pick(shares, drawn[k]! * total));
}

/** The share that a point of their sum lies in. */
function pick(shares: readonly number[], at: number): number {
  let last = 0;
  let bound = 0;
  for (let i = 0; i < shares.length; i++) {
    if (shares[i]! <= 0) continue;
    last = i;
    bound += shares[i]!;
    if (at < bound) break;
  }
  return last;
}

/** The shares of sources without rows are 0. */
export function onlyFilled(rows: readonly number[], shares: readonly number[]): number[] {
  return shares.map((share, i) => (rows[i]! > 0 ? share : 0));
}
