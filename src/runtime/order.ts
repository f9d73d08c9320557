import { randomBits } from "./random.js";

/** Streams of row order, apart from those of weights and layers. */
const SHUFFLE = 0x73687566;

/** Up to here a random word and a row's number fit into one float64, which sorts without a comparison of ours. */
const PACKED = 2 ** 21;

/** The rows of an epoch in a random order that seed and epoch determine. */
export function shuffledRows(count: number, seed: number, epoch: number): Int32Array {
  const keys = randomBits(seed, SHUFFLE, epoch, count);
  if (count <= PACKED) {
    const packed = new Float64Array(count);
    for (let i = 0; i < count; i++) packed[i] = keys[i]! * PACKED + i;
    packed.sort();
    const rows = new Int32Array(count);
    for (let i = 0; i < count; i++) rows[i] = packed[i]! % PACKED;
    return rows;
  }
  return rowsInOrder(count).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

export function rowsInOrder(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
