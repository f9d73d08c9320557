import { greatest } from "../../runtime/extremes.js";
import type { Operation, Program } from "../../tensor/program.js";
import { primitiveNamed } from "../../tensor/primitives/index.js";

/**
 * The same program with each update of state moved up to where its gradient is known: the gradient is then read while
 * it is near the processor, and its memory is free for the next one. An update waits for all that reads the old state,
 * so that it can be made in place.
 */
export function scheduled(program: Program): Program {
  const updates = updateOperations(program);
  if (updates.size === 0) return program;
  const readers = lastReaders(program, updates);
  const waits = new Map<number, number>();
  for (const { name, value } of program.outputs) {
    const bound = readers.get(name);
    if (bound !== undefined) waits.set(value.id, Math.max(bound, waits.get(value.id) ?? 0));
  }
  const ranks = new Map<number, number>();
  const ranked = program.operations.map((op, index) => {
    const known = op.inputs.map((v) => ranks.get(v.id) ?? -1);
    const awaited = op.outputs.map((v) => waits.get(v.id) ?? -1);
    const rank = updates.has(op) ? greatest([-1, ...known, ...awaited]) : index;
    for (const v of op.outputs) ranks.set(v.id, rank);
    return { op, rank, index };
  });
  ranked.sort((a, b) => a.rank - b.rank || a.index - b.index);
  return { ...program, operations: ranked.map((r) => r.op) };
}

/** Elementwise operations that nothing but new state depends on. */
function updateOperations(program: Program): Set<Operation> {
  const wanted = new Set(program.outputs.filter((o) => o.kind === "result").map((o) => o.value.id));
  const updates = new Set<Operation>();
  for (let i = program.operations.length - 1; i >= 0; i--) {
    const op = program.operations[i]!;
    const free = op.outputs.every((v) => !wanted.has(v.id));
    if (free && primitiveNamed(op.primitive).elementwise) updates.add(op);
    else for (const v of op.inputs) wanted.add(v.id);
  }
  return updates;
}

/** For each state, the last operation that reads it and is no update. */
function lastReaders(program: Program, updates: ReadonlySet<Operation>): Map<string, number> {
  const names = new Map(program.inputs.filter((i) => i.kind === "state").map((i) => [i.value.id, i.name]));
  const last = new Map<string, number>();
  program.operations.forEach((op, index) => {
    if (updates.has(op)) return;
    for (const v of op.inputs) {
      const name = names.get(v.id);
      if (name !== undefined) last.set(name, index);
    }
  });
  return last;
}
