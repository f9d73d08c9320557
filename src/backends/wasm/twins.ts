import type { Operation, Program } from "../../tensor/program.js";

/** Pairs each max_pool with the max_pool_argmax of the same windows: one call computes both. */
export function findTwins(program: Program): ReadonlyMap<Operation, Operation> {
  const keyOf = ({ inputs: [x], attributes }: Operation) => `${x?.id} ${JSON.stringify(attributes)}`;
  const pools = new Map<string, Operation>();
  const twins = new Map<Operation, Operation>();
  for (const op of program.operations) {
    if (op.primitive === "max_pool") pools.set(keyOf(op), op);
    if (op.primitive !== "max_pool_argmax") continue;
    const pool = pools.get(keyOf(op));
    if (pool && !twins.has(pool)) twins.set(pool, op);
  }
  return twins;
}
