import { plain, relaxed } from "./kernels.generated.js";

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of the host's WebAssembly: the types of Node and of browsers have no common place. */
interface Host {
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: object } }>;
}

const host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

/** A kernel: numbers in, sometimes a complaint (other than 0) out. */
export type Kernel = (...args: number[]) => number | undefined;

export type KernelFunctions = Readonly<Record<string, Kernel>>;

/** The kernels on one memory. */
export interface Kernels {
  readonly memory: WasmMemory;
  /** `plain`, or `relaxed` where the host has fused multiply-add. */
  readonly variant: Variant;
  readonly functions: KernelFunctions;
  /** Where memory is free from. */
  readonly base: number;
}

export type Variant = "plain" | "relaxed";

/** The kernels keep their tables below this address. */
const BASE = 4096;
const PAGE = 65_536;

function bytesOf(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Starts the kernels on a memory of their own: the relaxed variant where the host can compile it. */
export async function loadKernels(variant?: Variant): Promise<Kernels> {
  const fast = bytesOf(relaxed);
  const chosen = variant ?? (host.validate(fast) ? "relaxed" : "plain");
  const memory = new host.Memory({ initial: 1 });
  const bytes = chosen === "relaxed" ? fast : bytesOf(plain);
  const { instance } = await host.instantiate(bytes, { env: { memory } });
  const functions = instance.exports as Record<string, Kernel>;
  return { memory, variant: chosen, functions, base: BASE };
}

/** Makes sure that the memory reaches so far; views of its buffer are void after it has grown. */
export function reserve(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
