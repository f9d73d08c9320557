import type { OptionParameter, OptionValues } from "../parameter.js";

/** What a sampler deals out: slots of an epoch, each a row or a batch. */
export interface SamplerContext {
  /** The sources' names. */
  readonly names: readonly string[];
  /** How many rows of the training part each source has. */
  readonly rows: readonly number[];
  /** How many slots each source fills when every row of it is taken once. */
  readonly units: readonly number[];
  readonly options: OptionValues;
  /** Random numbers, uniform in [0, 1), the same for the same seed and epoch. */
  readonly uniform: (count: number) => Float32Array;
  /** Whether the order is random. */
  readonly shuffle: boolean;
}

/** Decides from which source each slot of an epoch takes its rows. */
export interface Sampler {
  readonly name: string;
  readonly doc: string;
  readonly example: string;
  readonly parameters: readonly OptionParameter[];
  /** The source of every slot; as many slots as all units together. */
  deal(context: SamplerContext): Int32Array;
  /** Sources whose rows it never takes; undefined for samplers that take all. */
  never?(names: readonly string[], options: OptionValues): readonly string[];
  /** Names in its options, which must be names of sources. */
  mentioned?(options: OptionValues): readonly string[];
}
