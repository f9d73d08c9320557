import { randomBits } from "./random.js";

/** Streams of row order, apart from those of weights and layers. */
const SHUFFLE = 0x73687566;

/** The rows of an epoch in a random order that seed and epoch determine. */
export function shuffledRows(count: number, seed: number, epoch: number): Int32Array {
  const keys = randomBits(seed, SHUFFLE, epoch, count);
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  return rows.sort((a, b) => keys[a]! - keys[b]! || a - b);
}

export function rowsInOrder(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
