import type { SamplerContext } from "./sampler.js";

/** Draws the source of each slot independently, with these shares as odds. */
export function draw({ units, uniform }: SamplerContext, shares: readonly number[]): Int32Array {
  const slots = units.reduce((a, n) => a + n, 0);
  const total = shares.reduce((a, x) => a + x, 0);
  const drawn = uniform(slots);
  return Int32Array.from({ length: slots }, (_, k) => pick(shares, drawn[k]! * total));
}

/** The index of the share that holds a point between 0 and the sum of all. */
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

/** The shares with 0 for sources without rows. */
export function onlyFilled(rows: readonly number[], shares: readonly number[]): number[] {
  return shares.map((share, i) => (rows[i]! > 0 ? share : 0));
}
