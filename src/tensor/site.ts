import { primitives, type PrimitiveName } from "./primitives/index.js";
import type { Operation, Program, TensorType } from "./program.js";
import { typeOf } from "./lookup.js";
import type { Operands, Signature } from "./signature.js";

type SignatureOf<K extends PrimitiveName> = (typeof primitives)[K]["signature"];
type CountOf<K extends PrimitiveName> = SignatureOf<K> extends Signature<infer N, infer _> ? N : never;

/** The attributes of the primitive of this name. */
export type AttributesOf<K extends PrimitiveName> =
  SignatureOf<K> extends Signature<infer _, infer A> ? A : never;

/** A `T` for each operand of the primitive of this name. */
export type OperandsOf<K extends PrimitiveName, T> = Operands<CountOf<K>, T>;

/** The types and attributes of an operation, from which an engine decides how to compute it. */
export interface Site<K extends PrimitiveName> {
  readonly inputs: OperandsOf<K, TensorType>;
  /** The type of its result; loops alone have others as well. */
  readonly output: TensorType;
  readonly attributes: AttributesOf<K>;
}

/** The same signatures by a mapped type, so that a generic `K` as index gives the signature of `K`. */
const signed: {
  readonly [K in PrimitiveName]: { readonly signature: Signature<CountOf<K>, AttributesOf<K>> };
} = primitives;

export function signatureOf<K extends PrimitiveName>(name: K): Signature<CountOf<K>, AttributesOf<K>> {
  return signed[name].signature;
}

export function siteOf<K extends PrimitiveName>(name: K, program: Program, op: Operation): Site<K> {
  const signature = signatureOf(name);
  const { output, attributes } = signature.read(op);
  const types = op.inputs.map((v) => typeOf(program, v));
  return { inputs: signature.operands(types), output: typeOf(program, output), attributes };
}
