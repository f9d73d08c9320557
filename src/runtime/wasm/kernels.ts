import { InputError } from "../errors.js";
import { own } from "../own.js";
import type { KernelFunctions } from "./functions.js";

/** Kernels that are compiled together, as hexadecimal digits: gzip finds more in them than in base64, whose digits straddle bytes. */
export interface KernelGroup {
  readonly kernels: readonly string[];
  readonly plain: string;
  /** Compiled with relaxed SIMD, for fused multiply-add. */
  readonly relaxed: string;
}

export type KernelGroups = Readonly<Record<string, KernelGroup>>;

export type Variant = "plain" | "relaxed";

/** The kernels on one memory. */
export interface Kernels {
  readonly memory: WasmMemory;
  readonly variant: Variant;
  readonly functions: KernelFunctions;
  /** The first free address of the memory. */
  readonly base: number;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the host's WebAssembly that is used here, as the types of Node and of browsers have no common source. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Readonly<Record<string, unknown>> } }>;
};

/** The kernels keep their tables below this address. */
const BASE = 4096;
const PAGE = 65_536;

function bytesOf(hex: string): Uint8Array {
  const digit = (at: number) => {
    const code = hex.charCodeAt(at);
    return code < 58 ? code - 48 : code - 87;
  };
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => 16 * digit(2 * i) + digit(2 * i + 1));
}

/** Whether the host supports relaxed SIMD: it validates a module with just `i8x16.relaxed_swizzle`. */
function hasRelaxed(): boolean {
  return WebAssembly.validate(
    bytesOf("0061736d010000000105016000017b030201000a0f010d004100fd0f4100fd0ffd80020b"),
  );
}

/**
 * Starts kernels on a memory of their own: the relaxed variant where the host can compile it. Throws an InputError where the host
 * has no WebAssembly, or a page's policy refuses it.
 */
export async function loadKernels(groups: KernelGroups, variant?: Variant): Promise<Kernels> {
  if (typeof WebAssembly === "undefined") throw without("there is none here");
  const chosen = variant ?? (hasRelaxed() ? "relaxed" : "plain");
  const memory = new WebAssembly.Memory({ initial: 1 });
  const functions = new Map<string, unknown>();
  for (const group of Object.values(groups)) {
    const compiling = WebAssembly.instantiate(bytesOf(group[chosen]), { env: { memory } });
    const { instance } = await compiling.catch((error: unknown) => {
      throw without(error instanceof Error ? error.message : String(error));
    });
    for (const name of group.kernels) functions.set(name, own(instance.exports, name));
  }
  const compiled: unknown = Object.fromEntries(functions);
  // The host has no types for compiled functions; all kernels that the programs call are among them.
  return { memory, variant: chosen, functions: compiled as KernelFunctions, base: BASE };
}

function without(reason: string): InputError {
  return new InputError(
    `models run on WebAssembly with SIMD, and ${reason}. A page's policy allows it with \`script-src 'wasm-unsafe-eval'\`; in process the engine \`reference\` needs none, and is slow (NN6008).`,
  );
}

/** What addresses of 32 bits reach, in pages. */
const MOST_PAGES = 65_536;

/**
 * Grows the memory to at least so many bytes; existing views of its buffer are then invalid. Throws an InputError, with the memory as
 * it was, where that is more than WebAssembly has or the host gives.
 */
export function reserve(memory: WasmMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  if (memory.buffer.byteLength / PAGE + missing > MOST_PAGES) throw tooLarge(bytes, "WebAssembly has 4.3 GB");
  try {
    memory.grow(missing);
  } catch {
    throw tooLarge(bytes, "this host gives no more than it has given");
  }
}

function tooLarge(bytes: number, limit: string): InputError {
  const size = (bytes / 1e9).toFixed(1);
  return new InputError(
    `the model and a batch of it need ${size} GB of memory, and ${limit}: make layers or the batch smaller (NN6008).`,
  );
}
