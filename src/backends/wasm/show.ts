import { isTransient, layoutArena } from "../../runtime/wasm/layout.js";
import type { KernelFunctions } from "../../runtime/wasm/functions.js";
import { sizedBuffers } from "../../runtime/wasm/planned.js";
import { isLoop, type Call, type Place, type Plan, type Word } from "../../runtime/wasm/plan.js";
import { memoryOf } from "./counts.js";
import { showExtent } from "./extent.js";

/** A plan to read: its memory at a batch, where its buffers lie, and a line for each call of a kernel. */
export function showPlan(plan: Plan, batch: number, k: KernelFunctions): string {
  const { state, fixed, arena, live } = memoryOf(plan, batch, k);
  return [
    `plan ${plan.name}, at a batch of ${batch}`,
    `  peak memory ${bytes(state + fixed + arena)}: state ${bytes(state)}, constants and code ${bytes(fixed)}, ` +
      `the rest ${bytes(arena)} (at most ${bytes(live)} of it live at once)`,
    "",
    ...bufferLines(plan, batch, k),
    "",
    ...callLines(plan, plan.calls, "  "),
    "",
  ].join("\n");
}

function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  return n < 1024 ** 2 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1024 ** 2).toFixed(2)} MB`;
}

function nameOf(plan: Plan, id: number): string {
  const { name, role } = plan.buffers[id]!;
  return `${name === "" ? role : name}#${id}`;
}

function bufferLines(plan: Plan, batch: number, k: KernelFunctions): string[] {
  const { offsets } = layoutArena(sizedBuffers(plan, batch, k));
  return plan.buffers.flatMap((b, i) => {
    if (b.role === "code" || b.name === "scratch") return [];
    const shape = `${b.dtype}[${b.shape.map(showExtent).join(", ")}]`;
    const lives = isTransient({ ...b, shape: [] })
      ? `, calls ${b.first}..${b.last}, offset ${offsets[i]}`
      : "";
    return [`  ${nameOf(plan, i)}: ${b.role} ${shape}${lives}`];
  });
}

function callLines(plan: Plan, calls: readonly Call[], indent: string): string[] {
  return calls.flatMap((call) => {
    const origin = call.origin === undefined ? "" : `  // ${call.origin}`;
    if (isLoop(call)) {
      const head = `${indent}loop ${showExtent(call.length)}${call.reverse ? ", backwards" : ""}${origin}`;
      return [head, ...callLines(plan, call.body, `${indent}  `)];
    }
    const args =
      call.kernel === "chain" ? `${call.note}` : `(${call.args.map((w) => word(plan, w)).join(", ")})`;
    return [`${indent}${call.kernel} ${args}${origin}`];
  });
}

function word(plan: Plan, w: Word): string {
  if ("extent" in w) return showExtent(w.extent);
  if ("float" in w) return String(w.float);
  if ("floatOf" in w) return showExtent(w.floatOf);
  return place(plan, w.place);
}

function place(plan: Plan, { buffer, offset, steps, label }: Place): string {
  const at = typeof offset === "number" && offset === 0 ? "" : ` + ${showExtent(offset)}`;
  const name = label === undefined ? nameOf(plan, buffer) : `${label}#${buffer}`;
  return `${name}${at}${steps.map((s) => ` + ${showExtent(s.stride)}·t${s.loop}`).join("")}`;
}
