import { bindPlan } from "./bind.js";
import type { KernelFunctions } from "./functions.js";
import { extentAt, type BarePlan, type Sizer } from "./plan.js";
import type { WasmBuffer, WasmProgram } from "./program.js";

/** A plan's buffers, sized for a batch. */
export function sizedBuffers(plan: BarePlan, batch: number, k: KernelFunctions): WasmBuffer[] {
  return plan.buffers.map(({ role, name, dtype, shape, first, last, data, sizer }) => ({
    role,
    name,
    dtype,
    shape: sizer ? [scratchElements(sizer, batch, k)] : shape.map((e) => extentAt(e, batch)),
    first,
    last,
    ...(data === undefined ? {} : { data }),
  }));
}

function scratchElements({ kernel, args }: Sizer, batch: number, k: KernelFunctions): number {
  // A plan has as many arguments for a sizer as the function takes.
  const size = k[kernel] as (...sizes: number[]) => number;
  return Math.ceil(size(...args.map((e) => extentAt(e, batch))) / 4);
}

/** A program that interprets a plan. */
export function plannedProgram(plan: BarePlan): WasmProgram {
  const keys = plan.buffers.map((_, i) => `b${i}`);
  return {
    buffers: (B, k) => Object.fromEntries(sizedBuffers(plan, B, k).map((buffer, i) => [keys[i]!, buffer])),
    bind: (k, at, B, words) =>
      bindPlan(
        plan,
        k,
        keys.map((key) => at[key]!),
        B,
        words,
      ),
  };
}
