import { numbersAt } from "../attributes.js";
import type { Attributes } from "../emitter.js";
import type { Operation, TensorType, Value } from "../program.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Pieces } from "./pieces.js";

/** The program that a simplification makes, with what is known about its values. */
export class Rebuilder {
  readonly operations: Operation[] = [];
  readonly types: TensorType[] = [];
  /** What sums of placed values consist of, by the sum's id; null where it is something else. */
  readonly pieces = new Map<number, Pieces | null>();
  private readonly producers = new Map<number, Operation>();
  private readonly splats = new Map<number, number>();

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
    const splat = this.splatFrom(op);
    if (splat !== undefined) this.splats.set(outputs[0]!.id, splat);
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
    return this.splats.get(v.id);
  }

  private splatFrom({ primitive, inputs, attributes }: Operation): number | undefined {
    if (primitive === "broadcast" || primitive === "reshape") return this.splatOf(inputs[0]!);
    if (primitive !== "constant") return undefined;
    const data = numbersAt(attributes, "data");
    const [first] = data;
    return data.length <= 64 && data.every((x) => Object.is(x, first)) ? first : undefined;
  }
}
