/**
 * Instructions of a chain: a fused run of elementwise operations and reductions over one space of elements.
 * The AssemblyScript kernels and the compiler both read this file.
 *
 * Registers are addresses of memory. Each instruction works on one of three lengths: FULL (the elements of a tile),
 * ROW (one element for each of the tile's rows) and ONE (a scalar, kept as four equal lanes).
 */

// Lengths.
export const FULL = 0;
export const ROW = 1;
export const ONE = 2;
/** A vector of the row's length in memory: exactly C elements, rounded up to 4. */
export const ROW_VECTOR = 3;

// Flags of an operand that is a scalar where the instruction is longer.
export const SPLAT_A = 1;
export const SPLAT_B = 2;
export const SPLAT_C = 4;

// Any lanes.
export const COPY = 0;
export const SELECT = 1;

// Unary, float to float.
export const NEG = 10;
export const EXP = 11;
export const LOG = 12;
export const LOG1P = 13;
export const EXPM1 = 14;
export const SQRT = 15;
export const ABS = 16;
export const SIGN = 17;
export const FLOOR = 18;
export const SIN = 19;
export const COS = 20;
export const TANH = 21;
export const SIGMOID = 22;
export const SOFTPLUS = 23;
export const ERF = 24;
export const ERFINV = 25;
export const RECIPROCAL_SQRT = 26;
export const SQUARE = 27;
export const POSITIVE_PART = 28;

// Unary on ints and masks. A mask's lane is all ones or all zeros.
export const NEG_INT = 30;
export const ABS_INT = 31;
export const SIGN_INT = 32;
export const NOT = 33;

// Conversions.
export const FLOAT_TO_INT = 35;
export const INT_TO_FLOAT = 36;
export const FLOAT_TO_MASK = 37;
export const INT_TO_MASK = 38;
export const MASK_TO_FLOAT = 39;
export const MASK_TO_INT = 40;

// Binary, floats.
export const ADD = 50;
export const SUB = 51;
export const MUL = 52;
export const DIV = 53;
export const POW = 54;
export const MAX = 55;
export const MIN = 56;
export const MOD = 57;
export const EQ = 58;
export const LT = 59;
export const LE = 60;
/** a · b + c, fused where the host can. */
export const MULTIPLY_ADD = 61;

// Binary, ints; EQ_INT serves masks too.
export const ADD_INT = 70;
export const SUB_INT = 71;
export const MUL_INT = 72;
export const MAX_INT = 73;
export const MIN_INT = 74;
export const MOD_INT = 75;
export const EQ_INT = 76;
export const LT_INT = 77;
export const LE_INT = 78;

// Masks.
export const AND = 80;
export const OR = 81;

// Into a register from memory, or from another length.
/** ROW to FULL: each row's element along its row. */
export const EXPAND = 90;
/** FULL from a vector of the row's length: the same in every row. */
export const REPEAT = 91;
/** FULL from memory with any strides; b is the place in the code of [rank, then size and stride of each axis]. */
export const LOAD = 92;
/** ONE from a scalar in memory. */
export const SPLAT = 93;
/** All lanes zero. */
export const ZERO = 94;
/** FULL ints: (element / b) mod c. */
export const COUNT = 95;
/** FULL floats, uniform: a and b are scalars (ONE) with seed and step, c is the stream. */
export const RANDOM = 96;

// Reductions.
/** FULL to ROW. */
export const ROW_SUM = 100;
export const ROW_MAX = 101;
export const ROW_SUM_INT = 102;
export const ROW_MAX_INT = 103;
/** Adds a tile's rows to a vector in memory of the row's length. */
export const COLUMN_SUM = 104;
/** Adds a tile's elements to a scalar's four lanes, each a part of the sum. */
export const TOTAL_SUM = 105;
/** ONE: the sum of four lanes. */
export const LANE_SUM = 106;
export const COLUMN_SUM_INT = 107;
export const TOTAL_SUM_INT = 108;
export const LANE_SUM_INT = 109;

// A block of code, in words: this head, then three words for each register (base address, kind, a word that the
// kernel keeps its current address in), then the instructions of prologue, body and epilogue, then parameters.
export const CODE_ROW = 0;
export const CODE_TILE = 1;
export const CODE_REGISTERS = 2;
export const CODE_PROLOGUE = 3;
export const CODE_BODY = 4;
export const CODE_EPILOGUE = 5;
export const CODE_HEAD = 8;
/** Kinds of register: fixed, or moving on by a tile's elements, or by a tile's rows. */
export const FIXED = 0;
export const BY_ELEMENTS = 1;
export const BY_ROWS = 2;
/** Words of an instruction: opcode | length << 8 | splats << 10, then dst, a, b, c. */
export const INSTRUCTION = 5;

// Flags of matmul and conv2d.
/** Adds the result to the output's present content. */
export const ACCUMULATE = 1;
/** Adds a vector that has an element for each column. */
export const BIAS = 2;
/** Then takes max(x, 0). */
export const RELU = 4;
