import type { Attributes } from "../emitter.js";
import { constantSignature } from "../ops.js";
import type { Operation, TensorType, Value } from "../program.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Count, Operands, Signature } from "../signature.js";
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
    const [first] = outputs;
    if (first !== undefined && splat !== undefined) this.splats.set(first.id, splat);
    return outputs;
  }

  /** A new operation in the place, and with the origin, of another. */
  instead<N extends Count, A extends Attributes>(
    of: Operation,
    { name: primitive }: Signature<N, A>,
    inputs: Operands<N, Value>,
    attributes: A,
  ): Value {
    const operands: readonly Value[] = inputs;
    const types = primitiveNamed(primitive).infer(
      operands.map((v) => this.typeOf(v)),
      attributes,
    );
    const [made] = this.emit({ ...of, primitive, inputs, attributes }, types);
    if (made === undefined) throw new Error(`${primitive} has no result`);
    return made;
  }

  /** The one number that a constant, a broadcast of one, or a reshape of one consists of. */
  splatOf(v: Value): number | undefined {
    return this.splats.get(v.id);
  }

  private splatFrom(op: Operation): number | undefined {
    const [x] = op.inputs;
    if (x && (op.primitive === "broadcast" || op.primitive === "reshape")) return this.splatOf(x);
    const data = constantSignature.of(op)?.attributes.data;
    if (data === undefined) return undefined;
    const [first] = data;
    return data.length <= 64 && data.every((x) => Object.is(x, first)) ? first : undefined;
  }
}
