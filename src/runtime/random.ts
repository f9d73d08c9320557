/** Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const PARITY = 0x1bd11bda;

/** Writes the two words of block (counter0, counter1) under a key to `out[at]` and `out[at + 1]`. */
export function threefry(
  [key0, key1]: readonly [number, number],
  counter0: number,
  counter1: number,
  out: Uint32Array,
  at = 0,
): void {
  const keys = [key0 | 0, key1 | 0, PARITY ^ key0 ^ key1];
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const by = ROTATIONS[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << by) | (x1 >>> (32 - by))) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      x0 = (x0 + keys[injection % 3]!) | 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  out[at] = x0;
  out[at + 1] = x1;
}

/** The first `count` words of a stream at a step: block i has the counter (i, step) and gives words 2i and 2i + 1. */
export function randomBits(seed: number, stream: number, step: number, count: number): Uint32Array {
  const out = new Uint32Array(count + (count & 1));
  const key = [seed, stream] as const;
  for (let i = 0; i < out.length; i += 2) threefry(key, i >>> 1, step, out, i);
  return out.subarray(0, count);
}

/** Uniform in [0, 1): multiples of 2⁻²⁴, which float32 holds exactly. */
export function randomUniform(seed: number, stream: number, step: number, count: number): Float32Array {
  const bits = randomBits(seed, stream, step, count);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = (bits[i]! >>> 8) * 2 ** -24;
  return out;
}
