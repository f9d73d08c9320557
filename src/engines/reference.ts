import { own } from "../runtime/own.js";
import { CopyingCall } from "../runtime/copying-call.js";
import type { PreparedCall, Session } from "../runtime/session.js";
import type { HostTensor } from "../runtime/tensor.js";
import { evaluateShape } from "../tensor/dimension.js";
import { lastUses } from "../tensor/liveness.js";
import { primitiveNamed, type Primitive } from "../tensor/primitives/index.js";
import { pairs, typeOf } from "../tensor/lookup.js";
import type { Operation, Program } from "../tensor/program.js";

interface Prepared {
  readonly program: Program;
  readonly steps: readonly Step[];
}

interface Step {
  readonly op: Operation;
  readonly primitive: Primitive;
  /** Ids of values that nothing reads after this step. */
  readonly dead: readonly number[];
}

function prepare(program: Program): Prepared {
  const dead = lastUses(program);
  const steps = pairs(program.operations, dead).map(([op, last]) => ({
    op,
    primitive: primitiveNamed(op.primitive),
    dead: last,
  }));
  return { program, steps };
}

/** Rounds a number that an operation has computed, as an engine of less precision would. */
export type Rounding = (value: number) => number;

/**
 * The engine that others are compared with: runs programs by the primitives' own definitions, in float64. With a rounding after
 * each operation (`Math.fround`) it shows how much error an engine of less precision may have.
 */
export function createReferenceSession(
  programs: Readonly<Record<string, Program>>,
  round?: Rounding,
): Session {
  return new ReferenceSession(programs, round);
}

class ReferenceSession implements Session {
  readonly engine = "reference";
  readonly precision = "float64";
  private readonly state = new Map<string, HostTensor>();
  private readonly prepared = new Map<Program, Prepared>();

  constructor(
    private readonly programs: Readonly<Record<string, Program>>,
    private readonly round: Rounding | undefined,
  ) {}

  async run(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    return this.runNow(name, args, batch);
  }

  prepare(name: string, batch: number): PreparedCall {
    const { inputs, types } = this.programNamed(name);
    const given = inputs.filter((i) => i.kind === "argument");
    const argumentTypes = given.map((i) => {
      const { dtype, shape } = types[i.value.id]!;
      return { name: i.name, dtype, shape: evaluateShape(shape, batch) };
    });
    return new CopyingCall(this, name, batch, argumentTypes);
  }

  stateNames(): string[] {
    return [...this.state.keys()];
  }

  read(name: string): HostTensor {
    const tensor = this.state.get(name);
    if (tensor === undefined) throw new Error(`no state is called ${name}`);
    return { ...tensor, data: tensor.data.slice() };
  }

  write(name: string, tensor: HostTensor): void {
    const data = tensor.dtype === "float" ? Float64Array.from(tensor.data) : Int32Array.from(tensor.data);
    this.state.set(name, { ...tensor, data });
  }

  dispose(): void {
    this.state.clear();
    this.prepared.clear();
  }

  private runNow(
    name: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Record<string, HostTensor> {
    const program = this.programNamed(name);
    const inputs = program.inputs.map((input): HostTensor => {
      const tensor = input.kind === "state" ? this.state.get(input.name) : own(args, input.name);
      if (tensor === undefined) throw new Error(`program ${name}: no ${input.kind} ${input.name}`);
      const type = typeOf(program, input.value);
      const shape = evaluateShape(type.shape, batch);
      if (tensor.dtype !== type.dtype || tensor.shape.join() !== shape.join()) {
        const found = `${tensor.dtype}[${tensor.shape.join(", ")}]`;
        throw new Error(`program ${name}: ${input.name} is ${found}, not ${type.dtype}[${shape.join(", ")}]`);
      }
      const data = type.dtype === "float" ? Float64Array.from(tensor.data) : Int32Array.from(tensor.data);
      return { dtype: type.dtype, shape, data };
    });
    const outputs = this.evaluate(program, inputs, batch);
    const results = new Map<string, HostTensor>();
    for (const [{ kind, name }, tensor] of pairs(program.outputs, outputs)) {
      if (kind === "state") this.state.set(name, tensor);
      else results.set(name, { ...tensor, data: tensor.data.slice() });
    }
    return Object.fromEntries(results);
  }

  private evaluate(program: Program, inputs: readonly HostTensor[], batch: number): HostTensor[] {
    const prepared = this.preparedOf(program);
    const values = Array.from<HostTensor | undefined>({ length: program.types.length });
    for (const [{ value }, given] of pairs(program.inputs, inputs)) values[value.id] = given;
    const context = {
      batch,
      run: (body: Program, given: readonly HostTensor[]) => this.evaluate(body, given, batch),
    };
    for (const { op, primitive, dead } of prepared.steps) {
      const outputs = primitive.evaluate(
        op.inputs.map((v) => values[v.id]!),
        op.attributes,
        context,
      );
      for (const [v, output] of pairs(op.outputs, outputs)) values[v.id] = this.rounded(output);
      for (const id of dead) values[id] = undefined;
    }
    return program.outputs.map((o) => values[o.value.id]!);
  }

  private rounded(tensor: HostTensor): HostTensor {
    if (this.round === undefined || tensor.dtype !== "float") return tensor;
    return { ...tensor, data: Float64Array.from(tensor.data, this.round) };
  }

  private programNamed(name: string): Program {
    const program = own(this.programs, name);
    if (program === undefined) throw new Error(`there is no program ${name}`);
    return program;
  }

  private preparedOf(program: Program): Prepared {
    const known = this.prepared.get(program);
    if (known !== undefined) return known;
    const prepared = prepare(program);
    this.prepared.set(program, prepared);
    return prepared;
  }
}
