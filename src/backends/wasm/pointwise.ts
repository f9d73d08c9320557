import * as op from "../../runtime/wasm/opcodes.js";
import type { DType } from "../../tensor/program.js";

/** The instruction of an elementwise primitive, by the dtype of its (last) operand; a cast also by its result's. */
export type Instruction = (operand: DType, result: DType) => number;

const always =
  (opcode: number): Instruction =>
  () =>
    opcode;

const byType =
  (float: number, int: number): Instruction =>
  (operand) =>
    operand === "float" ? float : int;

const casts: Readonly<Record<DType, Readonly<Record<DType, number>>>> = {
  float: { float: op.COPY, int: op.FLOAT_TO_INT, bool: op.FLOAT_TO_MASK },
  int: { float: op.INT_TO_FLOAT, int: op.COPY, bool: op.INT_TO_MASK },
  bool: { float: op.MASK_TO_FLOAT, int: op.MASK_TO_INT, bool: op.COPY },
};

export const pointwise = {
  neg: byType(op.NEG, op.NEG_INT),
  exp: always(op.EXP),
  log: always(op.LOG),
  log1p: always(op.LOG1P),
  expm1: always(op.EXPM1),
  sqrt: always(op.SQRT),
  abs: byType(op.ABS, op.ABS_INT),
  relu: always(op.POSITIVE_PART),
  sign: byType(op.SIGN, op.SIGN_INT),
  floor: always(op.FLOOR),
  sin: always(op.SIN),
  cos: always(op.COS),
  tanh: always(op.TANH),
  sigmoid: always(op.SIGMOID),
  softplus: always(op.SOFTPLUS),
  erf: always(op.ERF),
  erfinv: always(op.ERFINV),
  not: always(op.NOT),
  add: byType(op.ADD, op.ADD_INT),
  sub: byType(op.SUB, op.SUB_INT),
  mul: byType(op.MUL, op.MUL_INT),
  div: always(op.DIV),
  pow: always(op.POW),
  max: byType(op.MAX, op.MAX_INT),
  min: byType(op.MIN, op.MIN_INT),
  mod: byType(op.MOD, op.MOD_INT),
  eq: byType(op.EQ, op.EQ_INT),
  lt: byType(op.LT, op.LT_INT),
  le: byType(op.LE, op.LE_INT),
  and: always(op.AND),
  or: always(op.OR),
  select: always(op.SELECT),
  cast: (operand, result) => casts[operand][result],
} as const satisfies Record<string, Instruction>;

export function instructionOf(primitive: string): Instruction {
  if (!isPointwise(primitive)) throw new Error(`${primitive} is no instruction of a chain`);
  return pointwise[primitive];
}

function isPointwise(primitive: string): primitive is keyof typeof pointwise {
  return Object.hasOwn(pointwise, primitive);
}
