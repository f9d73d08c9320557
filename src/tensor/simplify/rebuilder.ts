import type { Attributes } from "../emitter.js";
import type { Operation, TensorType, Value } from "../program.js";
import { primitiveNamed } from "../primitives/index.js";

/** The program that a simplification makes, with what is known about its values. */
export class Rebuilder {
  readonly operations: Operation[] = [];
  readonly types: TensorType[] = [];
  private readonly producers = new Map<number, Operation>();

  fresh(type: TensorType): Value {
    this.types.push(type);
    return { id: this.types.length - 1 };
  }

  typeOf(v: Value): TensorType {
    return this.types[v.id]!;
  }

  /** The operation that made a value; undefined for inputs. */
  producerOf(v: Value): Operation | undefined {
    return this.producers.get(v.id);
  }

  emit(op: Operation, types: readonly TensorType[]): Value[] {
    const outputs = types.map((type) => this.fresh(type));
    const made = { ...op, outputs };
    this.operations.push(made);
    for (const v of outputs) this.producers.set(v.id, made);
    return outputs;
  }

  /** A new operation in the place, and with the origin, of another. */
  instead(of: Operation, primitive: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const types = primitiveNamed(primitive).infer(
      inputs.map((v) => this.typeOf(v)),
      attributes,
    );
    return this.emit({ ...of, primitive, inputs, attributes }, types)[0]!;
  }

  /** The one number that a constant, a broadcast of one, or a reshape of one consists of. */
  splatOf(v: Value): number | undefined {
    let op = this.producerOf(v);
    while (op !== undefined && (op.primitive === "broadcast" || op.primitive === "reshape")) {
      op = this.producerOf(op.inputs[0]!);
    }
    if (op?.primitive !== "constant") return undefined;
    const data = op.attributes["data"] as readonly number[];
    const [first] = data;
    return data.length <= 64 && data.every((x) => Object.is(x, first)) ? first : undefined;
  }
}
