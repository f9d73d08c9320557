import { extentAt, type Buffer, type BarePlan } from "./plan.js";
import type { BoundProgram, WasmBuffer, WasmProgram } from "./program.js";
import { elementCount } from "../elements.js";

/** How a step is split over threads: plain data, since workers are sent it. Names are those of state. */
export interface Split {
  /** The program that accumulates the gradients of one batch, times its rows. */
  readonly gradients: BarePlan;
  /** State that every thread reads: weights, and the state of layers and tasks. */
  readonly shared: readonly string[];
  /** State that each thread accumulates, starting at 0. */
  readonly accumulators: readonly string[];
  /** Layers' state that a batch changes: batch-norm statistics. */
  readonly moved: readonly string[];
}

/** The rows of one shard of a batch; the first shards have one more where rows do not divide evenly. */
export function shardOf(batch: number, shards: number, index: number): { start: number; rows: number } {
  const least = Math.floor(batch / shards);
  const more = batch % shards;
  return { start: index * least + Math.min(index, more), rows: least + (index < more ? 1 : 0) };
}

/** The plan's buffers of these names. Throws (a defect of ours) where there is none, or one of other than floats. */
function statesOf({ buffers }: BarePlan, names: readonly string[]): WasmBuffer[] {
  const known = new Map(buffers.filter((b) => b.role === "state").map((b) => [b.name, b]));
  return names.map((name) => {
    const buffer = known.get(name);
    if (buffer?.dtype !== "float") throw new Error(`${name} is no state of floats`);
    return { role: "state", name, dtype: "float", shape: shapeAt(buffer, 1), first: 0, last: 0 };
  });
}

/** The states that a split names, or something of each. */
export function mapStates<V>(
  { gradients, shared, accumulators, moved }: Split,
  of: (state: WasmBuffer) => V,
) {
  const mapped = (names: readonly string[]) => statesOf(gradients, names).map(of);
  return { shared: mapped(shared), accumulators: mapped(accumulators), moved: mapped(moved) };
}

export function sizeAt(buffer: Buffer, batch: number): number {
  return elementCount(shapeAt(buffer, batch));
}

function shapeAt({ shape }: Buffer, batch: number): number[] {
  return shape.map((extent) => extentAt(extent, batch));
}

/** A program that runs `work` on views of states in the session's memory, in their order. */
export function overStates(
  states: readonly WasmBuffer[],
  work: (views: readonly Float32Array[]) => void,
): WasmProgram {
  // Keys are indices, since names of states are weights' paths, which a user chose.
  return {
    buffers: () => Object.fromEntries(states.map((state, i) => [`s${i}`, state])),
    bind: (_kernels, at, _batch, words): BoundProgram => {
      const views = states.map(
        ({ shape }, i) => new Float32Array(words.buffer, at[`s${i}`]!, elementCount(shape)),
      );
      const run = () => {
        work(views);
        return 0;
      };
      return { code: [], run };
    },
  };
}
