import type { Dataset } from "./dataset.js";
import type { SamplingDescriptor, TrainDescriptor } from "./descriptor.js";
import { randomBits, randomUniform } from "./random.js";
import { samplers } from "./samplers/index.js";

/** Random streams for row order and for samplers, distinct from those of weights and layers. */
const SHUFFLE = 0x73687566;
const SAMPLE = 0x73616d70;

/** Up to so many rows, random word and row number fit into one float64, and sorting needs no comparison function. */
const PACKED = 2 ** 21;

/** The rows of an epoch in their order, and where its batches end. */
export interface EpochOrder {
  readonly rows: Int32Array;
  readonly ends: Int32Array;
}

/** What an epoch's order depends on. */
export interface OrderOptions extends Pick<TrainDescriptor, "shuffle" | "sampling"> {
  readonly batch: number;
  readonly seed: number;
  readonly epoch: number;
}

/** The order of one epoch, which seed and epoch determine. */
export function epochOrder(training: Dataset, options: OrderOptions): EpochOrder {
  const { sources } = training;
  if (sources && options.sampling) return dealtOrder(sources.rows, options.sampling, options);
  const { shuffle, seed, epoch, batch } = options;
  const rows = shuffle ? shuffledRows(training.rows, seed, epoch) : rowsInOrder(training.rows);
  return { rows, ends: endsEvery(batch, training.rows) };
}

/** How many batches an epoch has. */
export function batchCount(
  { rows, sources }: Pick<Dataset, "rows" | "sources">,
  { sampling, batch }: Pick<OrderOptions, "sampling" | "batch">,
): number {
  if (!sources || sampling?.batches !== "homogeneous") return Math.ceil(rows / batch);
  return sources.rows.reduce((sum, own) => sum + Math.ceil(own.length / batch), 0);
}

/** The rows of an epoch in a random order that seed and epoch determine. */
function shuffledRows(count: number, seed: number, epoch: number, stream = SHUFFLE): Int32Array {
  const keys = randomBits(seed, stream, epoch, count);
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

function endsEvery(batch: number, rows: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(rows / batch) }, (_, i) => Math.min(rows, (i + 1) * batch));
}

/** Rows of several sources as a sampler deals them: row by row in mixed batches, else in batches of one source each. */
function dealtOrder(
  sources: readonly Int32Array[],
  { sampler: { name, options }, batches, sources: sourceNames }: SamplingDescriptor,
  { seed, epoch, batch, shuffle }: OrderOptions,
): EpochOrder {
  const sampler = samplers.find((s) => s.name === name);
  if (!sampler) throw new Error(`there is no sampler ${name}`);
  const size = batches === "homogeneous" ? batch : 1;
  const dealt = sampler.deal({
    names: sourceNames,
    rows: sources.map((own) => own.length),
    units: sources.map((own) => Math.ceil(own.length / size)),
    options,
    uniform: (count) => randomUniform(seed, SAMPLE, epoch, count),
    shuffle,
  });
  const decks = sources.map((own, i) => deck(own, shuffle, seed, epoch, SHUFFLE + 1 + i));
  const rows: number[] = [];
  const ends: number[] = [];
  for (const source of dealt) {
    decks[source]!(size, rows);
    ends.push(rows.length);
  }
  return {
    rows: Int32Array.from(rows),
    ends: size > 1 ? Int32Array.from(ends) : endsEvery(batch, rows.length),
  };
}

/** A function that takes the next rows of a source, fewer at its end, after which it begins anew in another order. */
function deck(own: Int32Array, shuffle: boolean, seed: number, epoch: number, stream: number) {
  const orderOf = (round: number) =>
    shuffle
      ? shuffledRows(own.length, seed, (epoch + Math.imul(round, 0x9e3779b9)) | 0, stream)
      : rowsInOrder(own.length);
  let round = 0;
  let at = 0;
  let order = orderOf(round);
  return (count: number, into: number[]): void => {
    if (at === order.length) {
      order = orderOf(++round);
      at = 0;
    }
    const end = Math.min(order.length, at + count);
    for (; at < end; at++) into.push(own[order[at]!]!);
  };
}
