import { CODE_HEAD, INSTRUCTION } from "../../src/runtime/wasm/opcodes.js";
import { loadKernels, type Kernels } from "./load.js";

export interface Instruction {
  readonly opcode: number;
  readonly length?: number;
  readonly splats?: number;
  readonly dst: number;
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  /** Words after the code, whose place becomes b. */
  readonly parameters?: readonly number[];
}

export interface ChainCode {
  readonly row: number;
  readonly tile: number;
  /** Address and kind of each. */
  readonly registers: readonly (readonly [address: number, kind: number])[];
  readonly prologue?: readonly Instruction[];
  readonly body?: readonly Instruction[];
  readonly epilogue?: readonly Instruction[];
}

/** Writes a chain's code to memory, and returns its address. */
export function assemble(kernels: Kernels, code: ChainCode): number {
  const parts = [code.prologue ?? [], code.body ?? [], code.epilogue ?? []];
  const instructions = parts.flat();
  const words = [code.row, code.tile, code.registers.length, ...parts.map((p) => p.length), 0, 0];
  for (const [address, kind] of code.registers) words.push(address, kind, 0);
  let next = CODE_HEAD + 3 * code.registers.length + INSTRUCTION * instructions.length;
  const parameters: number[] = [];
  for (const { opcode, length = 0, splats = 0, dst, a = 0, b = 0, c = 0, parameters: own } of instructions) {
    words.push(opcode | (length << 8) | (splats << 10), dst, a, own === undefined ? b : next, c);
    parameters.push(...(own ?? []));
    next += own?.length ?? 0;
  }
  const at = kernels.alloc(4 * next);
  new Int32Array(kernels.memory.buffer, at, next).set([...words, ...parameters]);
  return at;
}

const GUARD = 0x5eed1234;

/** A buffer of elements, rounded up to 16 bytes, between guards. */
export interface Guarded {
  readonly address: number;
  floats(): Float32Array;
  ints(): Int32Array;
}

/** Buffers in one memory, which serves again after `reset`. */
export class Workbench {
  readonly kernels: Kernels;
  readonly #start: number;
  #next: number;
  readonly #guards: Int32Array[] = [];

  constructor(relaxed = false, bytes = 1 << 23) {
    const { memory, exports, alloc } = loadKernels({ relaxed });
    this.#start = alloc(bytes);
    this.#next = this.#start;
    const end = this.#start + bytes;
    this.kernels = {
      memory,
      exports,
      alloc: (size) => {
        const at = this.#next;
        this.#next += Math.ceil(size / 16) * 16;
        if (this.#next > end) throw new Error("the workbench is full");
        return at;
      },
    };
  }

  reset(): void {
    this.#next = this.#start;
    this.#guards.length = 0;
  }

  buffer(count: number, values?: ArrayLike<number>, as: "float" | "int" = "float"): Guarded {
    const { memory, alloc } = this.kernels;
    const size = Math.ceil(count / 4) * 4;
    const whole = new Int32Array(memory.buffer, alloc(4 * (size + 8)), size + 8).fill(GUARD);
    const address = whole.byteOffset + 16;
    const floats = (): Float32Array => new Float32Array(memory.buffer, address, count);
    const ints = (): Int32Array => new Int32Array(memory.buffer, address, count);
    if (values !== undefined) (as === "int" ? ints() : floats()).set(values);
    this.#guards.push(whole.subarray(0, 4), whole.subarray(size + 4));
    return { address, floats, ints };
  }

  /** Nothing was written on either side of the buffers. */
  expectIntact(): void {
    if (this.#guards.some((words) => words.some((word) => word !== GUARD))) {
      throw new Error("a kernel wrote outside its buffer");
    }
  }

  /** Runs a chain over elements begin to end. */
  run(code: ChainCode, begin: number, end: number): void {
    this.call("chain", assemble(this.kernels, code), begin, end);
  }

  call(name: string, ...numbers: number[]): number {
    return this.kernels.exports[name]!(...numbers);
  }
}

/** Numbers of 0 to 1, the same in every run. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How far a float is from a float64 reference, in units of its last place. */
export function ulps(actual: number, reference: number): number {
  const nearest = Math.fround(reference);
  if (Object.is(actual, nearest) || actual === nearest) return 0;
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(reference), 2 ** -126)));
  const off = Math.abs(actual - reference) / 2 ** (exponent - 23);
  return Number.isFinite(off) ? off : Infinity;
}
