import { randomUniform } from "../../runtime/random.js";
import { axisAt, dimensionAt, dtypeAt, integerAt, numbersAt, shapeAt } from "../attributes.js";
import { evaluateDimension, evaluateShape } from "../dimension.js";
import { around, numbersOf, tensor } from "../kernels/host.js";
import { noGradient, take0, take2, wantDtype, wantRank, type Primitive } from "./primitive.js";
import { elementCount } from "../../runtime/elements.js";

export const constant: Primitive = {
  unfolded: true,
  name: "constant",
  doc: "Numbers that are known when the program is made.",
  infer(inputs, attributes) {
    take0(inputs);
    const shape = numbersAt(attributes, "shape");
    const data = numbersAt(attributes, "data");
    if (elementCount(shape) !== data.length)
      throw new Error(`has ${data.length} numbers for shape [${shape.join(", ")}]`);
    return [{ dtype: dtypeAt(attributes, "dtype"), shape }];
  },
  evaluate(_inputs, attributes) {
    const dtype = dtypeAt(attributes, "dtype");
    const data = numbersAt(attributes, "data");
    const array = dtype === "float" ? Float64Array.from(data) : Int32Array.from(data);
    return [tensor(dtype, numbersAt(attributes, "shape"), array)];
  },
  gradient: noGradient,
  constant: true,
};

export const iota: Primitive = {
  repeated: true,
  unfolded: true,
  name: "iota",
  doc: "Ints that count from 0 along one axis.",
  infer(inputs, attributes) {
    take0(inputs);
    const shape = shapeAt(attributes, "shape");
    axisAt(attributes, "axis", shape.length);
    return [{ dtype: "int", shape }];
  },
  evaluate(_inputs, attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const [, size, inner] = around(shape, axisAt(attributes, "axis", shape.length));
    const data = new Int32Array(elementCount(shape)).map((_, i) => Math.floor(i / inner) % size);
    return [tensor("int", shape, data)];
  },
  gradient: noGradient,
  constant: true,
};

export const size: Primitive = {
  repeated: true,
  name: "size",
  doc: "A dimension as a float scalar.",
  infer(inputs, attributes) {
    take0(inputs);
    dimensionAt(attributes, "dimension");
    return [{ dtype: "float", shape: [] }];
  },
  evaluate(_inputs, attributes, { batch }) {
    return [
      tensor("float", [], Float64Array.of(evaluateDimension(dimensionAt(attributes, "dimension"), batch))),
    ];
  },
  gradient: noGradient,
  constant: true,
};

export const random: Primitive = {
  unfolded: true,
  name: "random",
  doc: "Uniform multiples of 2⁻²⁴ in [0, 1) from Threefry-2x32-20 under (seed, stream), at a step.",
  infer(inputs, attributes) {
    for (const type of take2(inputs)) {
      wantDtype(type, "int");
      wantRank(type, 0);
    }
    if (integerAt(attributes, "stream") >= 2 ** 32) throw new Error("attribute stream has more than 32 bits");
    return [{ dtype: "float", shape: shapeAt(attributes, "shape") }];
  },
  evaluate([seed, step], attributes, { batch }) {
    const shape = evaluateShape(shapeAt(attributes, "shape"), batch);
    const stream = integerAt(attributes, "stream");
    const draws = randomUniform(numbersOf(seed!)[0]!, stream, numbersOf(step!)[0]!, elementCount(shape));
    return [tensor("float", shape, Float64Array.from(draws))];
  },
  gradient: noGradient,
  constant: true,
};
