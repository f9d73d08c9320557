import { own } from "../own.js";
import type { Numbers, PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import { reserve, type Kernels } from "./kernels.js";
import { aligned, bytesOf, elementsOf, isTransient, layoutArena } from "./layout.js";
import type { BoundProgram, WasmBuffer, WasmProgram } from "./program.js";

/** For how many batch sizes a program keeps bound calls: the usual one, a shorter last one, and those of evaluation. */
const REMEMBERED = 8;

/** A program in memory, laid out for the capacity. */
interface Placed {
  readonly program: WasmProgram;
  readonly keys: readonly string[];
  readonly at: Readonly<Record<string, number>>;
  readonly batches: Map<number, Batch>;
  /** The batch whose code is in memory now. */
  current: Batch | undefined;
}

/** A program at one batch. */
interface Batch {
  readonly bound: BoundProgram;
  readonly buffers: readonly (readonly [address: number, buffer: WasmBuffer])[];
  readonly call: PreparedCall;
}

interface StateEntry {
  readonly address: number;
  readonly buffer: WasmBuffer;
  written: boolean;
}

/** Runs programs on the kernels: one memory for state, code and everything between. */
export function createWasmSession(
  kernels: Kernels,
  programs: Readonly<Record<string, WasmProgram>>,
): Session {
  return new WasmSession(kernels, programs);
}

class WasmSession implements Session {
  readonly engine: string;
  readonly precision = "float32";
  private readonly states = new Map<string, StateEntry>();
  private placed = new Map<string, Placed>();
  /** The largest batch that the memory is laid out for. */
  private capacity = 0;
  /** Where state ends. */
  private readonly free: number;
  private ints: Int32Array;
  private floats: Float32Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly programs: Readonly<Record<string, WasmProgram>>,
  ) {
    this.engine = `wasm (${kernels.variant === "relaxed" ? "relaxed SIMD" : "SIMD"})`;
    this.free = this.placeStates();
    reserve(kernels.memory, this.free);
    this.ints = new Int32Array(kernels.memory.buffer);
    this.floats = new Float32Array(kernels.memory.buffer);
  }

  async run(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    return this.runNow(name, args, batch);
  }

  prepare(name: string, batch: number): PreparedCall {
    return this.batchOf(name, batch).call;
  }

  stateNames(): string[] {
    return [...this.states].filter(([, entry]) => entry.written).map(([name]) => name);
  }

  read(name: string): HostTensor {
    const entry = this.stateOf(name);
    if (!entry.written) throw new Error(`no state is called ${name}`);
    return this.tensorAt(entry.address, entry.buffer);
  }

  write(name: string, tensor: HostTensor): void {
    const entry = this.stateOf(name);
    this.put(entry.address, entry.buffer, tensor, name);
    entry.written = true;
  }

  dispose(): void {
    this.states.clear();
    this.placed.clear();
  }

  private stateOf(name: string): StateEntry {
    const entry = this.states.get(name);
    if (!entry) throw new Error(`no state is called ${name}`);
    return entry;
  }

  private runNow(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Record<string, HostTensor> {
    const { buffers, call } = this.batchOf(name, batch);
    for (const [address, buffer] of buffers) {
      if (buffer.role !== "argument") continue;
      const given = own(args, buffer.name);
      if (given === undefined) throw new Error(`program ${name}: no argument ${buffer.name}`);
      this.put(address, buffer, given, `program ${name}: ${buffer.name}`);
    }
    void call.run();
    const results = buffers.filter(([, buffer]) => buffer.role === "result");
    return Object.fromEntries(results.map(([at, buffer]) => [buffer.name, this.tensorAt(at, buffer)]));
  }

  private batchOf(name: string, batch: number): Batch {
    if (batch > this.capacity) this.layOut(batch);
    const placed = this.placed.get(name);
    if (!placed) throw new Error(`there is no program ${name}`);
    const known = placed.batches.get(batch);
    if (known) return known;
    if (placed.batches.size >= REMEMBERED) placed.batches.clear();
    const made = this.newBatch(name, placed, batch);
    placed.batches.set(batch, made);
    return made;
  }

  private newBatch(name: string, placed: Placed, batch: number): Batch {
    const { program, keys, at } = placed;
    const sized = program.buffers(batch, this.kernels.functions);
    const buffers = keys.map((key) => [at[key]!, sized[key]!] as const);
    const states = buffers.flatMap(([, b]) => (b.role === "state" ? [this.stateOf(b.name)] : []));
    const bound = program.bind(this.kernels.functions, at, batch, this.ints);
    const call: PreparedCall = {
      arguments: this.viewsOf(buffers, "argument"),
      results: this.viewsOf(buffers, "result"),
      run: () => {
        if (placed.current !== made) this.writeCode(placed, made);
        if (bound.run() !== 0) throw new Error(`program ${name}: an index is outside of its table`);
        for (let i = 0; i < states.length; i++) states[i]!.written = true;
        return undefined;
      },
    };
    const made: Batch = { bound, buffers, call };
    return made;
  }

  private writeCode(placed: Placed, batch: Batch): void {
    for (const [address, words] of batch.bound.code) this.ints.set(words, address / 4);
    placed.current = batch;
  }

  private viewsOf(buffers: Batch["buffers"], role: "argument" | "result"): Record<string, Numbers> {
    const memory = this.kernels.memory.buffer;
    const views = buffers.flatMap(([address, buffer]): [string, Numbers][] => {
      if (buffer.role !== role) return [];
      const size = elementsOf(buffer);
      const Data = buffer.dtype === "float" ? Float32Array : Int32Array;
      return [[buffer.name, new Data(memory, address, size)]];
    });
    return Object.fromEntries(views);
  }

  private placeStates(): number {
    let at = aligned(this.kernels.base);
    for (const program of Object.values(this.programs)) {
      for (const buffer of Object.values(program.buffers(1, this.kernels.functions))) {
        if (buffer.role !== "state" || this.states.has(buffer.name)) continue;
        this.states.set(buffer.name, { address: at, buffer, written: false });
        at += bytesOf(buffer);
      }
    }
    return at;
  }

  /** Assigns addresses: constants and code of each program, and one arena, shared by all, for buffers that live during a call. */
  private layOut(capacity: number): void {
    let at = this.free;
    const drafts = Object.entries(this.programs).map(([name, program]) => {
      const sized = program.buffers(capacity, this.kernels.functions);
      const [keys, buffers] = [Object.keys(sized), Object.values(sized)];
      const addresses = buffers.map((buffer) => {
        if (buffer.role === "state") return this.stateOf(buffer.name).address;
        if (isTransient(buffer)) return -1;
        const address = at;
        at += bytesOf(buffer);
        return address;
      });
      return { name, program, keys, buffers, addresses, arena: layoutArena(buffers) };
    });
    const end = at + drafts.reduce((most, { arena }) => Math.max(most, arena.size), 0);
    reserve(this.kernels.memory, end + 16);
    this.ints = new Int32Array(this.kernels.memory.buffer);
    this.floats = new Float32Array(this.kernels.memory.buffer);
    this.capacity = capacity;
    this.placed = new Map(
      drafts.map(({ name, program, keys, buffers, addresses, arena }) => {
        buffers.forEach((buffer, i) => {
          if (isTransient(buffer)) addresses[i] = at + arena.offsets[i]!;
          if (buffer.data) this.putNumbers(addresses[i]!, buffer, buffer.data);
        });
        const places = Object.fromEntries(keys.map((key, i) => [key, addresses[i]!]));
        return [name, { program, keys, at: places, batches: new Map(), current: undefined }];
      }),
    );
  }

  private tensorAt(address: number, buffer: WasmBuffer): HostTensor {
    const { shape, dtype } = buffer;
    const [from, to] = [address / 4, address / 4 + elementsOf(buffer)];
    if (dtype === "float") return { dtype, shape, data: this.floats.slice(from, to) };
    const data = this.ints.slice(from, to);
    return { dtype, shape, data: dtype === "bool" ? data.map((x) => x & 1) : data };
  }

  private put(address: number, buffer: WasmBuffer, tensor: HostTensor, what: string): void {
    if (tensor.dtype !== buffer.dtype || tensor.shape.join() !== buffer.shape.join()) {
      const found = `${tensor.dtype}[${tensor.shape.join(", ")}]`;
      throw new Error(`${what} is ${found}, not ${buffer.dtype}[${buffer.shape.join(", ")}]`);
    }
    this.putNumbers(address, buffer, tensor.data);
  }

  private putNumbers(address: number, { dtype }: WasmBuffer, data: ArrayLike<number>): void {
    const at = address / 4;
    if (dtype === "float") this.floats.set(data, at);
    else if (dtype === "int") this.ints.set(data, at);
    else for (let i = 0; i < data.length; i++) this.ints[at + i] = data[i] === 0 ? 0 : -1;
  }
}
