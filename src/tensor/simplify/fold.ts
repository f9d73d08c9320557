import { constantSignature, sizeSignature } from "../ops.js";
import { knownShape } from "../dimension.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Operation, Value } from "../program.js";
import type { HostTensor } from "../../runtime/tensor.js";
import { elementCount } from "../../runtime/elements.js";
import type { Rebuilder } from "./rebuilder.js";

/** The largest constant that folding makes. */
const LARGEST = 64;

/** A constant in place of an operation on constants, where it is small and the same for every batch. */
export function fold(b: Rebuilder, op: Operation): Value | undefined {
  const primitive = primitiveNamed(op.primitive);
  if (primitive.unfolded) return undefined;
  if (op.inputs.length === 0 && !sizeIsKnown(op)) return undefined;
  const inputs: HostTensor[] = [];
  for (const v of op.inputs) {
    const constant = constantOf(b, v);
    if (constant === undefined) return undefined;
    inputs.push(constant);
  }
  const [type] = primitive.infer(
    op.inputs.map((v) => b.typeOf(v)),
    op.attributes,
  );
  const known = type && knownShape(type.shape);
  if (known === undefined || elementCount(known) > LARGEST) return undefined;
  const run = (): never => {
    throw new Error("a loop is not folded");
  };
  const [result] = primitive.evaluate(inputs, op.attributes, { batch: 1, run });
  if (result === undefined) throw new Error(`${op.primitive} has no result`);
  const { dtype, shape, data } = result;
  return b.instead(op, constantSignature, [], { data: Array.from(data), shape, dtype });
}

function sizeIsKnown(op: Operation): boolean {
  return typeof sizeSignature.of(op)?.attributes.dimension === "number";
}

function constantOf(b: Rebuilder, v: Value): HostTensor | undefined {
  const constant = constantSignature.of(b.producerOf(v))?.attributes;
  if (constant === undefined || constant.data.length > LARGEST) return undefined;
  const { dtype, shape, data } = constant;
  return { dtype, shape, data: dtype === "float" ? Float64Array.from(data) : Int32Array.from(data) };
}
