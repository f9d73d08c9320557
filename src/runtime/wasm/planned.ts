import { bindPlan } from "./bind.js";
import { extentAt, type Plan } from "./plan.js";
import type { WasmBuffer, WasmProgram } from "./program.js";

/** A plan's buffers, sized for a batch. */
export function sizedBuffers(plan: Plan, batch: number): WasmBuffer[] {
  return plan.buffers.map(({ role, name, dtype, shape, first, last, data }) => ({
    role,
    name,
    dtype,
    shape: shape.map((e) => extentAt(e, batch)),
    first,
    last,
    ...(data === undefined ? {} : { data }),
  }));
}

/** Reads a plan in this process. */
export function plannedProgram(plan: Plan): WasmProgram {
  const keys = plan.buffers.map((_, i) => `b${i}`);
  return {
    buffers: (B) => Object.fromEntries(sizedBuffers(plan, B).map((buffer, i) => [keys[i]!, buffer])),
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
