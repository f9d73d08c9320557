import { own } from "../own.js";
import { CopyingCall } from "../copying-call.js";
import type { PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import type { Tensor, Tf, TfjsInput, TfjsProgram } from "./types.js";

/** Runs tfjs programs on one backend (the current one, unless named) and owns their state. */
export function createTfjsSession(
  tf: Tf,
  programs: Readonly<Record<string, TfjsProgram>>,
  backend: string = tf.getBackend(),
): Session {
  return new TfjsSession(tf, programs, backend);
}

const DTYPES = { float: "float32", int: "int32", bool: "bool" } as const;

class TfjsSession implements Session {
  readonly engine: string;
  readonly precision = "float32";
  /** State by name; a host tensor was written by the caller, and is uploaded when a program first reads it. */
  private readonly state = new Map<string, Tensor | HostTensor>();

  constructor(
    private readonly tf: Tf,
    private readonly programs: Readonly<Record<string, TfjsProgram>>,
    private readonly backend: string,
  ) {
    this.engine = `tfjs (${backend})`;
  }

  async run(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    const program = this.programNamed(name);
    await this.start();
    const results = this.runNow(name, program, args, batch);
    const read = await Promise.all(
      results.map(async ([key, tensor]) => [key, await toHost(tensor)] as const),
    );
    for (const [, tensor] of results) tensor.dispose();
    return Object.fromEntries(read);
  }

  prepare(name: string, batch: number): PreparedCall {
    const { inputs } = this.programNamed(name);
    const types = inputs
      .filter((i) => i.kind === "argument")
      .map(({ name: input, dtype, shape }) => ({ name: input, dtype, shape: shape(batch) }));
    return new CopyingCall(this, name, batch, types);
  }

  stateNames(): string[] {
    return [...this.state.keys()];
  }

  read(name: string): HostTensor {
    const value = this.state.get(name);
    if (value === undefined) throw new Error(`no state is called ${name}`);
    return isHost(value) ? { ...value, data: value.data.slice() } : hostTensor(value, value.dataSync());
  }

  write(name: string, tensor: HostTensor): void {
    const data = tensor.dtype === "float" ? Float32Array.from(tensor.data) : Int32Array.from(tensor.data);
    this.replace(name, { ...tensor, data });
  }

  dispose(): void {
    for (const name of this.stateNames()) this.replace(name, undefined);
  }

  private programNamed(name: string): TfjsProgram {
    const program = own(this.programs, name);
    if (program === undefined) throw new Error(`there is no program ${name}`);
    return program;
  }

  private async start(): Promise<void> {
    if (this.tf.engine().registry[this.backend] !== undefined) return;
    if (!(await this.tf.setBackend(this.backend))) throw new Error(`tfjs could not start ${this.backend}`);
  }

  /** The part of a run without waiting, so that no one changes the backend or the state meanwhile. */
  private runNow(
    name: string,
    program: TfjsProgram,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): [string, Tensor][] {
    // The backend is the whole process's, and another session may have changed it. Setting one that has been
    // started takes effect at once; waiting here would let the other session in between.
    if (this.tf.getBackend() !== this.backend) void this.tf.setBackend(this.backend);
    const outputs = this.tf.tidy(() => {
      const inputs = program.inputs.map((input) => this.inputTensor(name, input, args, batch));
      return program.run(this.tf, inputs, batch).map((t) => this.tf.keep(t));
    });
    const results: [string, Tensor][] = [];
    program.outputs.forEach((output, i) => {
      const tensor = outputs[i];
      if (tensor === undefined) throw new Error(`program ${name} did not give ${output.name}`);
      if (output.kind === "state") this.replace(output.name, tensor);
      else results.push([output.name, tensor]);
    });
    return results;
  }

  private inputTensor(
    program: string,
    input: TfjsInput,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Tensor {
    const value = input.kind === "state" ? this.state.get(input.name) : own(args, input.name);
    if (value === undefined) throw new Error(`program ${program}: no ${input.kind} ${input.name}`);
    const shape = input.shape(batch);
    if (value.shape.join() !== shape.join()) {
      const found = `[${value.shape.join(", ")}], not [${shape.join(", ")}]`;
      throw new Error(`program ${program}: ${input.name} is ${found} at a batch of ${batch}`);
    }
    if (!isHost(value)) return value;
    if (value.dtype !== input.dtype) {
      throw new Error(`program ${program}: ${input.name} is ${value.dtype}, not ${input.dtype}`);
    }
    const tensor = this.upload(value);
    if (input.kind === "state") this.state.set(input.name, this.tf.keep(tensor));
    return tensor;
  }

  private upload({ dtype, shape, data }: HostTensor): Tensor {
    const array = data instanceof Float64Array ? Float32Array.from(data) : data;
    const bytes = dtype === "bool" ? Uint8Array.from(array) : array;
    return this.tf.tensor(bytes, [...shape], DTYPES[dtype]);
  }

  private replace(name: string, value: Tensor | HostTensor | undefined): void {
    const before = this.state.get(name);
    if (before !== undefined && !isHost(before)) before.dispose();
    if (value === undefined) this.state.delete(name);
    else this.state.set(name, value);
  }
}

function isHost(value: Tensor | HostTensor): value is HostTensor {
  return "data" in value && typeof value.data !== "function";
}

async function toHost(tensor: Tensor): Promise<HostTensor> {
  return hostTensor(tensor, await tensor.data());
}

function hostTensor(tensor: Tensor, data: ArrayLike<number>): HostTensor {
  const shape = [...tensor.shape];
  if (tensor.dtype === "float32") return { dtype: "float", shape, data: Float32Array.from(data) };
  return { dtype: tensor.dtype === "bool" ? "bool" : "int", shape, data: Int32Array.from(data) };
}
