import {
  COLUMN_SUM,
  COLUMN_SUM_INT,
  COUNT,
  RANDOM,
  ROW_MAX,
  ROW_MAX_INT,
  ROW_SUM,
  ROW_SUM_INT,
  TOTAL_SUM,
  TOTAL_SUM_INT,
} from "../../runtime/wasm/opcodes.js";
import type { Extent } from "../../runtime/wasm/plan.js";
import type { Shape } from "../../tensor/dimension.js";
import { lastOf, resultOf } from "../../tensor/lookup.js";
import { iotaSignature, randomSignature } from "../../tensor/ops.js";
import type { DType, Operation, Program, Value } from "../../tensor/program.js";
import { denseStrides, extentOf } from "./extent.js";
import { instructionOf } from "./pointwise.js";

/** The instruction that computes an operation in a chain, save for reductions. */
export function opcodeOf(program: Program, op: Operation): number {
  if (op.primitive === "random") return RANDOM;
  if (op.primitive === "iota") return COUNT;
  return instructionOf(op.primitive)(dtypeOf(program, lastOf(op.inputs)), dtypeOf(program, resultOf(op)));
}

function dtypeOf({ types }: Program, { id }: Value): DType {
  return types[id]!.dtype;
}

/** Opcodes of sums of floats and of ints, by how the summed axes lie. */
const SUMS = {
  rows: [ROW_SUM, ROW_SUM_INT],
  columns: [COLUMN_SUM, COLUMN_SUM_INT],
  all: [TOTAL_SUM, TOTAL_SUM_INT],
} as const;

/** The opcode of a sum, or of a maximum (which is over rows only). */
export function reductionOpcode(program: Program, op: Operation, kind: keyof typeof SUMS): number {
  const isInt = dtypeOf(program, resultOf(op)) === "int";
  if (op.primitive === "max_reduce") return isInt ? ROW_MAX_INT : ROW_MAX;
  const [ofFloats, ofInts] = SUMS[kind];
  return isInt ? ofInts : ofFloats;
}

/** Numbers in the instruction itself. */
export function immediatesOf(op: Operation, shape: Shape): Extent[] {
  const random = randomSignature.of(op);
  if (random) return [random.attributes.stream | 0];
  const iota = iotaSignature.of(op);
  if (!iota) return [];
  const { axis } = iota.attributes;
  const sizes = shape.map(extentOf);
  return [denseStrides(sizes)[axis]!, sizes[axis]!];
}
