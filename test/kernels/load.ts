import { groups } from "../../src/runtime/wasm/kernels.generated.js";

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

type Exports = Record<string, (...numbers: number[]) => number>;

export interface Kernels {
  readonly memory: Memory;
  readonly exports: Exports;
  /** The address of so many bytes, a multiple of 16. */
  readonly alloc: (bytes: number) => number;
}

// The types of Node declare none of this, and those of the browser are not loaded.
const { Memory, Module, Instance, validate } = (globalThis as unknown as { WebAssembly: Host }).WebAssembly;

interface Host {
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly validate: (bytes: Uint8Array) => boolean;
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** Whether this host compiles relaxed SIMD: Node 20 does so only with --experimental-wasm-relaxed-simd. */
export const hasRelaxed = validate(bytesOf(groups["core"]!.relaxed));

/** Instantiates the kernels in a memory of their own. */
export function loadKernels(options: { relaxed?: boolean; pages?: number } = {}): Kernels {
  const memory = new Memory({ initial: options.pages ?? 64 });
  const instances = Object.values(groups).map((group) => {
    const module = new Module(bytesOf(group[options.relaxed === true ? "relaxed" : "plain"]));
    return new Instance(module, { env: { memory } }).exports as Exports;
  });
  // Below this lies what the kernels' own static data may take.
  let next = 65536;
  return {
    memory,
    exports: Object.assign({}, ...instances) as Exports,
    alloc(bytes) {
      const at = next;
      next += Math.ceil(bytes / 16) * 16;
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65536));
      return at;
    },
  };
}
