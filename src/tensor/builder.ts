import { pullback } from "./autodiff.js";
import { sameShape } from "./dimension.js";
import type { Attributes, Builder } from "./emitter.js";
import { lookup, pairs } from "./lookup.js";
import * as ops from "./ops.js";
import { primitiveNamed } from "./primitives/index.js";
import type { Operation, Program, ProgramInput, ProgramOutput, TensorType, Value } from "./program.js";
import { verifyStructure } from "./verify.js";

/** A builder of one program. */
export function createBuilder(name: string): Builder {
  return new ProgramBuilder(name);
}

class ProgramBuilder implements Builder {
  private readonly inputs: ProgramInput[] = [];
  private readonly operations: Operation[] = [];
  private readonly outputs: ProgramOutput[] = [];
  private readonly types: TensorType[] = [];
  /** Inputs by their names; a state and an argument may share one. */
  private readonly given = { argument: new Map<string, Value>(), state: new Map<string, Value>() };
  /** The index of the operation that made a value, by the value's id. */
  private readonly producers = new Map<number, number>();
  private origin: string | undefined;
  private adjoint = false;

  constructor(private readonly name: string) {}

  emit(primitive: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const [first, second] = this.emitMany(primitive, inputs, attributes);
    if (first === undefined || second !== undefined)
      throw new Error(`${primitive} has not one output; use emitMany`);
    return first;
  }

  emitMany(primitive: string, inputs: readonly Value[], attributes: Attributes = {}): Value[] {
    const outputs = this.infer(primitive, inputs, attributes).map((type) => this.fresh(type));
    for (const v of outputs) this.producers.set(v.id, this.operations.length);
    const origin = this.origin === undefined ? {} : { origin: this.origin };
    const adjoint = this.adjoint ? ({ adjoint: true } as const) : {};
    this.operations.push({ primitive, inputs: [...inputs], attributes, outputs, ...origin, ...adjoint });
    return outputs;
  }

  typeOf(v: Value): TensorType {
    const type = this.types[v.id];
    if (type === undefined) throw new Error(`program ${this.name} has no value %${v.id}`);
    return type;
  }

  child(name: string): Builder {
    const child = new ProgramBuilder(name);
    child.origin = this.origin;
    child.adjoint = this.adjoint;
    return child;
  }

  argument(name: string, type: TensorType): Value {
    return this.input(name, "argument", type);
  }

  state(name: string, type: TensorType): Value {
    return this.input(name, "state", type);
  }

  result(name: string, value: Value): void {
    this.outputs.push({ name, kind: "result", value });
  }

  update(name: string, value: Value): void {
    this.outputs.push({ name, kind: "state", value });
  }

  withOrigin<T>(id: string | undefined, fn: () => T): T {
    const before = this.origin;
    this.origin = id;
    try {
      return fn();
    } finally {
      this.origin = before;
    }
  }

  private asAdjoint<T>(adjoint: boolean, fn: () => T): T {
    const before = this.adjoint;
    this.adjoint = adjoint;
    try {
      return fn();
    } finally {
      this.adjoint = before;
    }
  }

  gradients(loss: Value, wrt: readonly Value[]): Value[] {
    const { dtype, shape } = this.typeOf(loss);
    if (dtype !== "float" || shape.length > 0) throw new Error(`gradients of a loss that is no float scalar`);
    const seed = ops.scalar(this, 1);
    return pairs(wrt, this.pullback([loss], [seed], wrt)).map(
      ([v, g]) => g ?? ops.zeros(this, this.typeOf(v).shape),
    );
  }

  pullback(
    outputs: readonly Value[],
    seeds: readonly (Value | undefined)[],
    wrt: readonly Value[],
  ): (Value | undefined)[] {
    const gradients = this.asAdjoint(true, () =>
      pullback(this, { operations: this.operations, outputs, seeds, wrt }),
    );
    for (const [v, g] of pairs(wrt, gradients)) {
      if (g !== undefined && !sameShape(this.typeOf(g).shape, this.typeOf(v).shape)) {
        throw new Error(`a gradient has another shape than its value %${v.id}`);
      }
    }
    return gradients;
  }

  inline(program: Program, inputs: readonly Value[]): Value[] {
    const here = new Map<number, Value>();
    program.inputs.forEach((input, i) => {
      const value = inputs[i];
      if (value === undefined) throw new Error(`inline of ${program.name}: no value for ${input.name}`);
      here.set(input.value.id, value);
    });
    const at = (v: Value): Value => lookup(here, v.id);
    for (const op of program.operations) {
      const emit = () => this.emitMany(op.primitive, op.inputs.map(at), op.attributes);
      const outputs = this.withOrigin(op.origin ?? this.origin, () =>
        this.asAdjoint(this.adjoint || op.adjoint === true, emit),
      );
      for (const [v, made] of pairs(op.outputs, outputs)) here.set(v.id, made);
    }
    return program.outputs.map((o) => at(o.value));
  }

  extend(operation: Operation, attributes: Attributes, furtherOutputs: readonly TensorType[]): Value[] {
    const place = this.producers.get(operation.outputs[0]?.id ?? -1);
    if (place === undefined) throw new Error(`${operation.primitive} to extend is not in ${this.name}`);
    const further = furtherOutputs.map((type) => this.fresh(type));
    for (const v of further) this.producers.set(v.id, place);
    const outputs = [...operation.outputs, ...further];
    this.operations[place] = { ...operation, attributes, outputs };
    return further;
  }

  isCostly(operation: Operation): boolean {
    return primitiveNamed(operation.primitive).costly === true;
  }

  build(): Program {
    const program: Program = {
      name: this.name,
      inputs: [...this.inputs],
      operations: [...this.operations],
      outputs: [...this.outputs],
      types: [...this.types],
    };
    verifyStructure(program);
    return program;
  }

  private input(name: string, kind: ProgramInput["kind"], type: TensorType): Value {
    const known = this.given[kind].get(name);
    if (known) return known;
    const value = this.fresh(type);
    this.given[kind].set(name, value);
    this.inputs.push({ name, kind, value });
    return value;
  }

  private fresh(type: TensorType): Value {
    this.types.push(type);
    return { id: this.types.length - 1 };
  }

  private infer(primitive: string, inputs: readonly Value[], attributes: Attributes): TensorType[] {
    try {
      return primitiveNamed(primitive).infer(
        inputs.map((v) => this.typeOf(v)),
        attributes,
      );
    } catch (cause) {
      const at = this.origin === undefined ? "" : ` (from ${this.origin})`;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${this.name}: ${primitive} ${why}${at}`, { cause });
    }
  }
}
