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
import { integerAt } from "../../tensor/attributes.js";
import type { Shape } from "../../tensor/dimension.js";
import type { Operation, Program } from "../../tensor/program.js";
import { denseStrides, extentOf } from "./extent.js";
import { instructionOf } from "./pointwise.js";

/** The instruction that computes an operation in a chain, save for reductions. */
export function opcodeOf(program: Program, op: Operation): number {
  if (op.primitive === "random") return RANDOM;
  if (op.primitive === "iota") return COUNT;
  const operand = program.types[op.inputs.at(-1)!.id]!.dtype;
  return instructionOf(op.primitive)(operand, program.types[op.outputs[0]!.id]!.dtype);
}

/** Of a sum or a maximum (of rows alone), by which elements it goes over. */
export function reductionOpcode(program: Program, op: Operation, kind: "rows" | "columns" | "all"): number {
  const isInt = program.types[op.inputs[0]!.id]!.dtype === "int";
  if (op.primitive === "max_reduce") return isInt ? ROW_MAX_INT : ROW_MAX;
  const [ofFloats, ofInts] = {
    rows: [ROW_SUM, ROW_SUM_INT],
    columns: [COLUMN_SUM, COLUMN_SUM_INT],
    all: [TOTAL_SUM, TOTAL_SUM_INT],
  }[kind] as [number, number];
  return isInt ? ofInts : ofFloats;
}

/** Numbers in the instruction itself. */
export function immediatesOf(op: Operation, shape: Shape): Extent[] {
  if (op.primitive === "random") return [integerAt(op.attributes, "stream") | 0];
  if (op.primitive !== "iota") return [];
  const axis = integerAt(op.attributes, "axis");
  const sizes = shape.map(extentOf);
  return [denseStrides(sizes)[axis]!, sizes[axis]!];
}
