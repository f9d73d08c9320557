import type { Program } from "./program.js";

/** For each operation, the ids of values that nothing reads after it; outputs of the program are never among them. */
export function lastUses(program: Program): number[][] {
  const last = new Int32Array(program.types.length).fill(-1);
  program.operations.forEach((op, i) => {
    for (const v of op.outputs) last[v.id] = i;
    for (const v of op.inputs) last[v.id] = i;
  });
  for (const output of program.outputs) last[output.value.id] = -1;
  const dead: number[][] = program.operations.map(() => []);
  last.forEach((at, id) => {
    if (at >= 0) dead[at]!.push(id);
  });
  return dead;
}
