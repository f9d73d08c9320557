import type { Numbers, PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import { bindPlan, runBound, type BoundPlan } from "./bind.js";
import { reserve, type Kernels } from "./kernels.js";
import { aligned, bytesOf, isTransient, layoutArena } from "./layout.js";
import { extentAt, type Buffer, type Plan } from "./plan.js";

/** Bound batches that a program remembers: the usual one, the last and shorter one, and those of evaluation. */
const REMEMBERED = 8;

interface Prepared {
  readonly plan: Plan;
  /** In bytes, at the capacity. */
  readonly addresses: Int32Array;
  readonly bound: Map<number, BoundPlan>;
  readonly calls: Map<number, PreparedCall>;
  /** Whose words stand in memory. */
  current: BoundPlan | undefined;
}

interface StateEntry {
  readonly address: number;
  readonly buffer: Buffer;
  written: boolean;
}

/** Runs plans on the kernels: one memory for state, code and everything between. */
export function createWasmSession(kernels: Kernels, plans: Readonly<Record<string, Plan>>): Session {
  return new WasmSession(kernels, plans);
}

class WasmSession implements Session {
  readonly engine: string;
  readonly precision = "float32";
  private readonly states = new Map<string, StateEntry>();
  private programs = new Map<string, Prepared>();
  /** The largest batch that the memory is laid out for. */
  private capacity = 0;
  private arena = 0;
  private ints: Int32Array;
  private floats: Float32Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly plans: Readonly<Record<string, Plan>>,
  ) {
    this.engine = `wasm (${kernels.variant === "relaxed" ? "relaxed SIMD" : "SIMD"})`;
    this.ints = new Int32Array(kernels.memory.buffer);
    this.floats = new Float32Array(kernels.memory.buffer);
    this.placeStates();
  }

  run(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    try {
      return Promise.resolve(this.runNow(name, args, batch));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  prepare(name: string, batch: number): PreparedCall {
    const program = this.programFor(name, batch);
    let call = program.calls.get(batch);
    if (!call) {
      if (program.calls.size >= REMEMBERED) program.calls.clear();
      const { plan } = program;
      const [given, results] = [
        this.viewsOf(program, "argument", batch),
        this.viewsOf(program, "result", batch),
      ];
      const states = plan.buffers.flatMap((b) => (b.role === "state" ? [this.states.get(b.name)!] : []));
      const run = () => {
        this.execute(name, program, batch);
        for (let i = 0; i < states.length; i++) states[i]!.written = true;
        return undefined;
      };
      call = { arguments: given, results, run };
      program.calls.set(batch, call);
    }
    return call;
  }

  private viewsOf(
    { plan, addresses }: Prepared,
    role: "argument" | "result",
    batch: number,
  ): Record<string, Numbers> {
    const views: Record<string, Numbers> = {};
    plan.buffers.forEach((buffer, i) => {
      if (buffer.role !== role) return;
      const [from, size] = [addresses[i]!, extentAt(buffer.size, batch)];
      const { buffer: memory } = this.kernels.memory;
      views[buffer.name] =
        buffer.dtype === "float" ? new Float32Array(memory, from, size) : new Int32Array(memory, from, size);
    });
    return views;
  }

  stateNames(): string[] {
    return [...this.states].filter(([, entry]) => entry.written).map(([name]) => name);
  }

  read(name: string): HostTensor {
    const entry = this.states.get(name);
    if (!entry?.written) throw new Error(`no state is called ${name}`);
    return this.tensorAt(entry.address, entry.buffer, 1);
  }

  write(name: string, tensor: HostTensor): void {
    const entry = this.states.get(name);
    if (!entry) throw new Error(`no state is called ${name}`);
    this.put(entry.address, entry.buffer, tensor, 1, name);
    entry.written = true;
  }

  dispose(): void {
    this.states.clear();
    this.programs.clear();
  }

  private runNow(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Record<string, HostTensor> {
    const program = this.programFor(name, batch);
    const { plan, addresses } = program;
    plan.buffers.forEach((buffer, i) => {
      if (buffer.role !== "argument") return;
      const given = args[buffer.name];
      if (given === undefined) throw new Error(`program ${name}: no argument ${buffer.name}`);
      this.put(addresses[i]!, buffer, given, batch, buffer.name);
    });
    this.execute(name, program, batch);
    const results: Record<string, HostTensor> = {};
    plan.buffers.forEach((buffer, i) => {
      if (buffer.role === "result") results[buffer.name] = this.tensorAt(addresses[i]!, buffer, batch);
      else if (buffer.role === "state") this.states.get(buffer.name)!.written = true;
    });
    return results;
  }

  private execute(name: string, program: Prepared, batch: number): void {
    const bound = this.boundFor(program, batch);
    if (program.current !== bound) {
      for (const [index, value] of bound.words) this.ints[index] = value;
      program.current = bound;
    }
    if (runBound(this.kernels, bound.calls, bound.counters, this.ints) !== 0)
      throw new Error(`program ${name}: an index is outside of its table`);
  }

  private programFor(name: string, batch: number): Prepared {
    if (!Object.hasOwn(this.plans, name)) throw new Error(`there is no program ${name}`);
    if (batch > this.capacity) this.layOut(batch);
    return this.programs.get(name)!;
  }

  private boundFor(program: Prepared, batch: number): BoundPlan {
    const known = program.bound.get(batch);
    if (known) return known;
    if (program.bound.size >= REMEMBERED) program.bound.clear();
    const bound = bindPlan(program.plan, program.addresses, batch);
    program.bound.set(batch, bound);
    return bound;
  }

  private placeStates(): void {
    let at = aligned(this.kernels.base);
    for (const plan of Object.values(this.plans)) {
      for (const buffer of plan.buffers) {
        if (buffer.role !== "state" || this.states.has(buffer.name)) continue;
        this.states.set(buffer.name, { address: at, buffer, written: false });
        at += bytesOf(buffer, 1);
      }
    }
    this.arena = at;
  }

  /** Places every program's constants, code and, in one arena for all, what lives during a call. */
  private layOut(capacity: number): void {
    let at = this.arena;
    const arenas = Object.entries(this.plans).map(([name, plan]) => {
      const addresses = Int32Array.from(plan.buffers, (buffer) => {
        if (buffer.role === "state") return this.states.get(buffer.name)!.address;
        if (isTransient(buffer)) return -1;
        const address = at;
        at += bytesOf(buffer, 1);
        return address;
      });
      return { name, plan, addresses, arena: layoutArena(plan, capacity) };
    });
    const end = at + Math.max(0, ...arenas.map((a) => a.arena.size));
    reserve(this.kernels.memory, end + 16);
    this.ints = new Int32Array(this.kernels.memory.buffer);
    this.floats = new Float32Array(this.kernels.memory.buffer);
    this.capacity = capacity;
    this.programs = new Map(
      arenas.map(({ name, plan, addresses, arena }) => {
        plan.buffers.forEach((buffer, i) => {
          if (isTransient(buffer)) addresses[i] = at + arena.offsets[i]!;
          if (buffer.data) this.putNumbers(addresses[i]!, buffer, buffer.data);
        });
        return [name, { plan, addresses, bound: new Map(), calls: new Map(), current: undefined }];
      }),
    );
  }

  private tensorAt(address: number, buffer: Buffer, batch: number): HostTensor {
    const shape = buffer.shape.map((e) => extentAt(e, batch));
    const [from, to] = [address / 4, address / 4 + extentAt(buffer.size, batch)];
    if (buffer.dtype === "float") return { dtype: "float", shape, data: this.floats.slice(from, to) };
    const data = this.ints.slice(from, to);
    return { dtype: buffer.dtype, shape, data: buffer.dtype === "bool" ? data.map((x) => x & 1) : data };
  }

  private put(address: number, buffer: Buffer, tensor: HostTensor, batch: number, name: string): void {
    const shape = buffer.shape.map((e) => extentAt(e, batch));
    if (tensor.dtype !== buffer.dtype || tensor.shape.join() !== shape.join()) {
      const found = `${tensor.dtype}[${tensor.shape.join(", ")}]`;
      throw new Error(`${name} is ${found}, not ${buffer.dtype}[${shape.join(", ")}]`);
    }
    this.putNumbers(address, buffer, tensor.data);
  }

  private putNumbers(address: number, { dtype }: Buffer, data: ArrayLike<number>): void {
    const at = address / 4;
    if (dtype === "float") this.floats.set(data, at);
    else if (dtype === "int") this.ints.set(data, at);
    else for (let i = 0; i < data.length; i++) this.ints[at + i] = data[i] === 0 ? 0 : -1;
  }
}
