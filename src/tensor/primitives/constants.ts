import { randomUniform } from "../../runtime/random.js";
import { wantAxis } from "../attributes.js";
import { evaluateDimension, evaluateShape } from "../dimension.js";
import { around, numbersOf, tensor } from "../kernels/host.js";
import * as ops from "../ops.js";
import { definePrimitive, wantDtype, wantRank } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const constant = definePrimitive(ops.constantSignature, {
  unfolded: true,
  doc: "Numbers that are known when the program is made.",
  infer(_inputs, { data, shape, dtype }) {
    if (elementCount(shape) !== data.length)
      throw new Error(`has ${data.length} numbers for shape [${shape.join(", ")}]`);
    return { dtype, shape };
  },
  evaluate(_inputs, { data, shape, dtype }) {
    const array = dtype === "float" ? Float64Array.from(data) : Int32Array.from(data);
    return tensor(dtype, shape, array);
  },
});

export const iota = definePrimitive(ops.iotaSignature, {
  repeated: true,
  unfolded: true,
  doc: "Ints that count from 0 along one axis.",
  infer(_inputs, { shape, axis }) {
    wantAxis(axis, "axis", shape.length);
    return { dtype: "int", shape };
  },
  evaluate(_inputs, attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const [, size, inner] = around(shape, attributes.axis);
    const data = new Int32Array(elementCount(shape)).map((_, i) => Math.floor(i / inner) % size);
    return tensor("int", shape, data);
  },
});

export const size = definePrimitive(ops.sizeSignature, {
  repeated: true,
  doc: "A dimension as a float scalar.",
  infer: () => ({ dtype: "float", shape: [] }),
  evaluate: (_inputs, { dimension }, { batch }) =>
    tensor("float", [], Float64Array.of(evaluateDimension(dimension, batch))),
});

export const random = definePrimitive(ops.randomSignature, {
  unfolded: true,
  doc: "Uniform multiples of 2⁻²⁴ in [0, 1) from Threefry-2x32-20 under (seed, stream), at a step.",
  infer(inputs, { stream, shape }) {
    for (const type of inputs) {
      wantDtype(type, "int");
      wantRank(type, 0);
    }
    if (stream >= 2 ** 32) throw new Error("attribute stream has more than 32 bits");
    return { dtype: "float", shape };
  },
  evaluate([seed, step], attributes, { batch }) {
    const shape = evaluateShape(attributes.shape, batch);
    const draws = randomUniform(
      numbersOf(seed)[0]!,
      attributes.stream,
      numbersOf(step)[0]!,
      elementCount(shape),
    );
    return tensor("float", shape, Float64Array.from(draws));
  },
});
