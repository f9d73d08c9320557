import { primitives, type PrimitiveName } from "./primitives/index.js";
import type { Operation, Program, TensorType, Value } from "./program.js";
import type { Operands, Signature } from "./signature.js";

type SignatureOf<K extends PrimitiveName> = (typeof primitives)[K]["signature"];
type CountOf<K extends PrimitiveName> = SignatureOf<K> extends Signature<infer N, infer _> ? N : never;

/** What the primitive of this name says beside its operands. */
export type AttributesOf<K extends PrimitiveName> =
  SignatureOf<K> extends Signature<infer _, infer A> ? A : never;

/** Something for each operand of the primitive of this name. */
export type OperandsOf<K extends PrimitiveName, T> = Operands<CountOf<K>, T>;

/** What those who compute an operation look at beside its operands. */
export interface Site<K extends PrimitiveName> {
  readonly inputs: OperandsOf<K, TensorType>;
  /** The type of its result; loops alone have others as well. */
  readonly output: TensorType;
  readonly attributes: AttributesOf<K>;
}

/** The same signatures, by a type that keeps a name that is not known here beside what it stands for. */
const signed: {
  readonly [K in PrimitiveName]: { readonly signature: Signature<CountOf<K>, AttributesOf<K>> };
} = primitives;

export function signatureOf<K extends PrimitiveName>(name: K): Signature<CountOf<K>, AttributesOf<K>> {
  return signed[name].signature;
}

export function siteOf<K extends PrimitiveName>(name: K, program: Program, op: Operation): Site<K> {
  const signature = signatureOf(name);
  const typeOf = ({ id }: Value): TensorType => program.types[id]!;
  const { output, attributes } = signature.read(op);
  return { inputs: signature.operands(op.inputs.map(typeOf)), output: typeOf(output), attributes };
}
