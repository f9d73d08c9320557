import type { WasmProgram } from "./program.js";
import type { Exchange } from "./threads-exchange.js";
import { mapStates, overStates, shardOf, type Split } from "./threads-split.js";

/** Programs that the main thread runs on its state before and after its shard. */
export class Merging {
  shared: Exchange["shared"] = [];
  handed: Exchange["handed"] = [];
  batch = 0;
  shards = 0;
  /** Copies the state to the workers, and sets the accumulators to 0. */
  readonly share: WasmProgram;
  /** Adds the workers' results in their order. */
  readonly merge: WasmProgram;

  constructor(split: Split) {
    const { shared, accumulators, moved } = mapStates(split, (state) => state);
    this.share = overStates([...shared, ...accumulators], (views) => {
      const to = this.shared;
      for (let i = 0; i < to.length; i++) to[i]!.set(views[i]!);
      for (let i = to.length; i < views.length; i++) views[i]!.fill(0);
    });
    const sums = accumulators.length;
    this.merge = overStates([...accumulators, ...moved], (views) => {
      const { batch, shards } = this;
      for (let i = sums; i < views.length; i++) scale(views[i]!, shardOf(batch, shards, 0).rows / batch);
      for (let k = 1; k < shards; k++) {
        const from = this.handed[k - 1]!;
        const weight = shardOf(batch, shards, k).rows / batch;
        for (let i = 0; i < sums; i++) addTimes(views[i]!, from.accumulators[i]!, 1);
        for (let i = sums; i < views.length; i++) addTimes(views[i]!, from.moved[i - sums]!, weight);
      }
    });
  }
}

function scale(x: Float32Array, by: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= by;
}

function addTimes(to: Float32Array, x: Float32Array, by: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += x[i]! * by;
}
