import { expect } from "vitest";
import { hasRelaxed, loadKernels } from "./load.js";

/** A part of the kernels' memory. */
export interface Space {
  readonly at: number;
  readonly values: { readonly byteLength: number };
}

/** Floats in the kernels' memory. */
export interface Buffer {
  readonly at: number;
  /** What was written there at first. */
  readonly values: Float32Array;
}

/** The kernels' two forms; the one this host cannot compile says why it is left out. */
export const variants = [
  { name: "plain", relaxed: false, skip: false },
  {
    name: hasRelaxed
      ? "relaxed"
      : "relaxed (left out: this host compiles it only with --experimental-wasm-relaxed-simd)",
    relaxed: hasRelaxed,
    skip: !hasRelaxed,
  },
];

const guard = 64;
const pattern = 0x7b;

/** Buffers with guards around them, in one memory, to call kernels on. */
export class Arena {
  readonly #kernels;
  #used = 0;
  #seed = 1;
  readonly #base: number;
  readonly #limit = 48 * 1024 * 1024;

  constructor(relaxed: boolean) {
    this.#kernels = loadKernels({ relaxed });
    this.#base = this.#kernels.alloc(this.#limit);
  }

  /** Forgets all buffers. */
  reset(): void {
    this.#used = 0;
  }

  /** Space for `bytes` bytes, rounded up to 16, between guards. */
  space(bytes: number): Space {
    const size = Math.ceil(bytes / 16) * 16;
    const at = this.#base + this.#used + guard;
    this.#used += size + 2 * guard;
    if (this.#used > this.#limit) throw new Error("the arena is full");
    new Uint8Array(this.#kernels.memory.buffer, at - guard, size + 2 * guard).fill(pattern);
    return { at, values: { byteLength: bytes } };
  }

  write<T extends Float32Array | Int32Array>(values: T): { at: number; values: T } {
    const { at } = this.space(values.byteLength);
    new Uint8Array(this.#kernels.memory.buffer).set(new Uint8Array(values.buffer), at);
    return { at, values };
  }

  /** Floats of -1 to 1, the same in every run. */
  random(count: number): Buffer {
    const values = Float32Array.from({ length: count }, () => {
      this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) | 0;
      return this.#seed / 2 ** 31;
    });
    return this.write(values);
  }

  /** The address of a copy whose end, rounded up to 16 bytes, is the end of the memory: to read beyond it traps. */
  atEnd({ at, values }: Space): number {
    const bytes = new Uint8Array(this.#kernels.memory.buffer);
    const to = bytes.length - Math.ceil(values.byteLength / 16) * 16;
    bytes.copyWithin(to, at, at + values.byteLength);
    return to;
  }

  fill({ at, values }: Buffer, value: number): void {
    new Float32Array(this.#kernels.memory.buffer, at, values.length).fill(value);
  }

  call(name: string, ...numbers: number[]): number {
    return this.#kernels.exports[name]!(...numbers);
  }

  read({ at, values }: { at: number; values: { length: number } }): Float32Array {
    return new Float32Array(this.#kernels.memory.buffer, at, values.length);
  }

  readInts({ at, values }: { at: number; values: { length: number } }): Int32Array {
    return new Int32Array(this.#kernels.memory.buffer, at, values.length);
  }

  /** Nothing was written outside these, rounded up to 16 bytes. */
  expectGuards(spaces: readonly Space[]): void {
    for (const { at, values } of spaces) {
      const size = Math.ceil(values.byteLength / 16) * 16;
      for (const from of [at - guard, at + size]) {
        const bytes = new Uint8Array(this.#kernels.memory.buffer, from, guard);
        if (bytes.some((b) => b !== pattern))
          throw new Error(`bytes near ${from < at ? "start" : "end"} changed`);
      }
    }
  }
}

/**
 * Equal to 1e-5 of the reference's largest element. Sums whose terms cancel each other are rounded by the size of these: `terms` is the
 * largest sum of their absolute values.
 */
export function expectClose(actual: ArrayLike<number>, reference: ArrayLike<number>, terms = 0): void {
  expect(actual.length).toBe(reference.length);
  let [largest, worst, where] = [0, 0, 0];
  for (let i = 0; i < reference.length; i++) {
    largest = Math.max(largest, Math.abs(reference[i]!));
    const off = Math.abs(actual[i]! - reference[i]!);
    if (!(off <= worst)) [worst, where] = [off, i];
  }
  if (!(worst <= Math.max(1e-5 * largest, 2 ** -21 * terms))) {
    throw new Error(`element ${where} is ${actual[where]}, not ${reference[where]} (largest ${largest})`);
  }
}
