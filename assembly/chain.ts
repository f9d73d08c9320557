import * as op from "../src/runtime/wasm/opcodes";
import { runBinary, runTernary } from "./chain-binary";
import { counts, expand, loadStrided, repeat, zero } from "./chain-memory";
import { columnSums, firstLanes, laneSum, rowMaxima, rowSums, totalSum } from "./chain-reduce";
import { runUnary } from "./chain-unary";
import { uniforms } from "./random";

const REGISTER_BYTES: usize = 12;
const INSTRUCTION_BYTES: usize = op.INSTRUCTION << 2;

@inline
function head(code: usize, word: usize): i32 {
  return load<i32>(code + (word << 2));
}

@inline
function registersOf(code: usize): usize {
  return code + (op.CODE_HEAD << 2);
}

/** The register that an instruction names in this word. */
@inline
function registerAt(registers: usize, instruction: usize, word: usize): usize {
  return registers + usize(load<u32>(instruction + (word << 2))) * REGISTER_BYTES;
}

@inline
function addressAt(registers: usize, instruction: usize, word: usize): usize {
  return load<u32>(registerAt(registers, instruction, word), 8);
}

/** The step of an operand: none where this flag says that it is a scalar. */
@inline
function stepOf(flags: i32, flag: i32): usize {
  return flags & (flag << 10) ? 0 : 16;
}

@inline
function rowsIn(count: i32, row: i32): i32 {
  return row > 0 ? count / row : 0;
}

function setCurrent(code: usize, begin: i32): void {
  const rows = rowsIn(begin, head(code, op.CODE_ROW));
  let register = registersOf(code);
  for (let i = head(code, op.CODE_REGISTERS); i > 0; i--, register += REGISTER_BYTES) {
    const kind = load<i32>(register, 4);
    const moved = kind == op.BY_ELEMENTS ? begin : kind == op.BY_ROWS ? rows : 0;
    store<i32>(register, load<i32>(register) + (moved << 2), 8);
  }
}

/** Moves the registers on by a tile. */
function advance(code: usize, tile: i32, rows: i32): void {
  let register = registersOf(code);
  for (let i = head(code, op.CODE_REGISTERS); i > 0; i--, register += REGISTER_BYTES) {
    const kind = load<i32>(register, 4);
    if (kind == op.FIXED) continue;
    const moved = kind == op.BY_ELEMENTS ? tile : rows;
    store<i32>(register, load<i32>(register, 8) + (moved << 2), 8);
  }
}

/** The instructions that are neither unary nor of two or three operands lane by lane. */
function runOther(
  code: usize,
  instruction: usize,
  target: usize,
  limit: usize,
  a: usize,
  at: i32,
  count: i32,
  rows: i32,
): void {
  const row = head(code, op.CODE_ROW);
  const registers = registersOf(code);
  switch (load<i32>(instruction) & 255) {
    case op.EXPAND:
      return expand(target, a, rows, row);
    case op.REPEAT:
      return repeat(target, a, count, row);
    case op.LOAD:
      return loadStrided(target, a, code + (usize(load<u32>(instruction, 12)) << 2), at, count);
    case op.SPLAT:
      return v128.store(target, v128.load32_splat(a));
    case op.ZERO:
      return zero(target, limit);
    case op.COUNT:
      return counts(target, at, count, load<i32>(instruction, 12), load<i32>(instruction, 16));
    case op.RANDOM: {
      const step = load<i32>(addressAt(registers, instruction, 3));
      return uniforms(target, at, count, load<i32>(a), step, load<i32>(instruction, 16));
    }
    case op.ROW_SUM:
      return rowSums<f32>(target, a, rows, row);
    case op.ROW_MAX:
      return rowMaxima<f32>(target, a, rows, row);
    case op.ROW_SUM_INT:
      return rowSums<i32>(target, a, rows, row);
    case op.ROW_MAX_INT:
      return rowMaxima<i32>(target, a, rows, row);
    case op.COLUMN_SUM:
      return columnSums<f32>(target, a, rows, usize(row) << 2, row);
    case op.COLUMN_SUM_INT:
      return columnSums<i32>(target, a, rows, usize(row) << 2, row);
    case op.TOTAL_SUM:
      return totalSum<f32>(target, a, count);
    case op.TOTAL_SUM_INT:
      return totalSum<i32>(target, a, count);
    case op.LANE_SUM:
      return v128.store(target, laneSum<f32>(v128.load(a)));
    case op.LANE_SUM_INT:
      return v128.store(target, laneSum<i32>(v128.load(a)));
  }
}

/** Runs one instruction for the `count` elements from `at`, which are `rows` rows. */
@inline
function step(code: usize, registers: usize, instruction: usize, at: i32, count: i32, rows: i32): void {
  const flags = load<i32>(instruction);
  const opcode = flags & 255;
  const length = (flags >> 8) & 3;
  const target = addressAt(registers, instruction, 1);
  const a = addressAt(registers, instruction, 2);
  let elements = count;
  if (length != op.FULL) {
    elements = length == op.ROW ? rows : length == op.ONE ? 4 : head(code, op.CODE_ROW);
  }
  const limit = target + (((usize(elements) << 2) + 15) & -16);
  if (opcode >= op.EXPAND) {
    const first = length == op.ROW ? rowsIn(at, head(code, op.CODE_ROW)) : at;
    runOther(code, instruction, target, limit, a, first, elements, rows);
    return;
  }
  const stepA = stepOf(flags, op.SPLAT_A);
  if (opcode < op.ADD && opcode != op.SELECT) {
    runUnary(opcode, target, limit, a, stepA);
    return;
  }
  const b = addressAt(registers, instruction, 3);
  const stepB = stepOf(flags, op.SPLAT_B);
  if (opcode != op.SELECT && opcode != op.MULTIPLY_ADD) {
    runBinary(opcode, target, limit, a, stepA, b, stepB);
    return;
  }
  const c = addressAt(registers, instruction, 4);
  runTernary(opcode, target, limit, a, stepA, b, stepB, c, stepOf(flags, op.SPLAT_C));
}

/**
 * Whether an instruction's vectors run over the end of a tile's rows into the next tile's, which it must leave as they
 * are: they may be an operand that it has still to read.
 */
@inline
function overrunsRows(registers: usize, instruction: usize): bool {
  if (((load<i32>(instruction) >> 8) & 3) != op.ROW) return false;
  return load<i32>(registerAt(registers, instruction, 1), 4) == op.BY_ROWS;
}

function stepKeepingNext(
  code: usize,
  registers: usize,
  instruction: usize,
  at: i32,
  count: i32,
  rows: i32,
): void {
  const last = addressAt(registers, instruction, 1) + (usize(rows & ~3) << 2);
  const before = v128.load(last);
  step(code, registers, instruction, at, count, rows);
  v128.store(last, v128.bitselect(v128.load(last), before, firstLanes(rows & 3)));
}

/** Runs some instructions, and returns the address after them. */
function run(code: usize, instruction: usize, instructions: i32, at: i32, count: i32): usize {
  const registers = registersOf(code);
  const rows = rowsIn(count, head(code, op.CODE_ROW));
  const whole = (rows & 3) == 0;
  for (; instructions > 0; instructions--, instruction += INSTRUCTION_BYTES) {
    if (whole || !overrunsRows(registers, instruction)) step(code, registers, instruction, at, count, rows);
    else stepKeepingNext(code, registers, instruction, at, count, rows);
  }
  return instruction;
}

/**
 * Runs a chain's code over elements begin to end; begin is a multiple of the tile. See src/runtime/wasm/opcodes.ts.
 * A register that an instruction doesn't have is 0.
 */
export function chain(code: usize, begin: i32, end: i32): void {
  const tile = head(code, op.CODE_TILE);
  const rows = rowsIn(tile, head(code, op.CODE_ROW));
  const prologue = registersOf(code) + usize(head(code, op.CODE_REGISTERS)) * REGISTER_BYTES;
  const first = min(tile, end - begin);
  setCurrent(code, begin);
  const body = run(code, prologue, head(code, op.CODE_PROLOGUE), begin, first);
  const instructions = head(code, op.CODE_BODY);
  for (let at = begin; at < end; at += tile) {
    if (at > begin) advance(code, tile, rows);
    run(code, body, instructions, at, min(tile, end - at));
  }
  const epilogue = body + usize(instructions) * INSTRUCTION_BYTES;
  run(code, epilogue, head(code, op.CODE_EPILOGUE), begin, first);
}
