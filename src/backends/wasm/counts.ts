import { elementsOf, isTransient, layoutArena, lowerBound } from "../../runtime/wasm/layout.js";
import type { KernelFunctions } from "../../runtime/wasm/functions.js";
import { sizedBuffers } from "../../runtime/wasm/planned.js";
import { extentAt, isLoop, type Call, type Plan } from "../../runtime/wasm/plan.js";

/** What one run of a program costs, without a clock. */
export interface Counts {
  /** Calls of each kernel; those in loops as often as they run. */
  readonly calls: Readonly<Record<string, number>>;
  readonly flops: number;
  /** Bytes of operands and results, counted once for each call. */
  readonly bytes: number;
  readonly memory: Memory;
}

/** Memory of a plan, in bytes. */
export interface Memory {
  readonly state: number;
  /** Constants and the code of chains. */
  readonly fixed: number;
  /** The memory that arguments, results and temporaries share. */
  readonly arena: number;
  /** The most bytes of the arena that are in use at one time. */
  readonly live: number;
}

export function countsOf(plan: Plan, batch: number, k: KernelFunctions): Counts {
  const calls = new Map<string, number>();
  let [flops, bytes] = [0, 0];
  const visit = (all: readonly Call[], times: number) => {
    for (const call of all) {
      if (isLoop(call)) {
        visit(call.body, times * extentAt(call.length, batch));
        continue;
      }
      calls.set(call.kernel, (calls.get(call.kernel) ?? 0) + times);
      flops += times * extentAt(call.flops, batch);
      bytes += times * extentAt(call.bytes, batch);
    }
  };
  visit(plan.calls, 1);
  return { calls: Object.fromEntries(calls), flops, bytes, memory: memoryOf(plan, batch, k) };
}

export function memoryOf(plan: Plan, batch: number, k: KernelFunctions): Memory {
  const buffers = sizedBuffers(plan, batch, k);
  const sum = (wanted: (role: string) => boolean) =>
    buffers.reduce((total, b) => total + (wanted(b.role) ? elementsOf(b) * 4 : 0), 0);
  return {
    state: sum((role) => role === "state"),
    fixed: buffers.reduce((t, b) => t + (b.role !== "state" && !isTransient(b) ? elementsOf(b) * 4 : 0), 0),
    arena: layoutArena(buffers).size,
    live: lowerBound(buffers),
  };
}
