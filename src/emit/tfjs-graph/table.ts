import { booleanAt, dimensionAt, numberAt, numbersAt, shapeAt } from "../../tensor/attributes.js";
import type { PrimitiveName } from "../../tensor/primitives/index.js";
import { boolAttribute, integerAttribute, typeAttribute } from "./graph.js";
import { avgPool, convolution, convolutionInputGradient, maxPool } from "./images.js";
import { unrolled } from "./loops.js";
import type { GraphRow } from "./row.js";
import { broadcast, iota, matMul, pad, place, reshape, scatterAdd, slice, sort } from "./shapes.js";

const T = typeAttribute("float");

function unary(op: string): GraphRow {
  return (g, [x], { inputs }) => g.node(op, [x!], { T: typeAttribute(inputs[0]!.dtype) });
}

function binary(op: string): GraphRow {
  return (g, [x, y], { inputs }) => g.node(op, [x!, y!], { T: typeAttribute(inputs[0]!.dtype) });
}

function logical(op: string): GraphRow {
  return (g, inputs) => g.node(op, inputs);
}

const same: GraphRow = (_g, [x]) => x!;

/** Not in the format, or a part of training that prediction has no use for. */
const absent: GraphRow = () => undefined;

/** tfjs on wasm computes log(1 + x) as it is written, which loses x near 0; Kahan's correction gets it back. */
const log1p: GraphRow = (g, [x]) => {
  const one = g.constant("float", [], [1]);
  const u = g.node("AddV2", [x!, one], { T });
  const kept = g.node("Sub", [u, one], { T });
  const lost = g.node("Equal", [kept, g.constant("float", [], [0])], { T });
  const ratio = g.node("RealDiv", [x!, g.node("SelectV2", [lost, one, kept], { T })], { T });
  const log = g.node("Log", [u], { T });
  const exact = g.node("SelectV2", [lost, x!, g.node("Mul", [log, ratio], { T })], { T });
  // At infinity the ratio is no number.
  return g.node("SelectV2", [g.node("Less", [x!, one], { T }), exact, log], { T });
};

/** tfjs on wasm reads bools in `where` as if they were wider. */
const select: GraphRow = (g, [condition, x, y], { inputs }) => {
  if (inputs[1]!.dtype !== "bool") {
    return g.node("SelectV2", [condition!, x!, y!], { T: typeAttribute(inputs[1]!.dtype) });
  }
  const either = g.node("LogicalAnd", [condition!, x!]);
  return g.node("LogicalOr", [either, g.node("LogicalAnd", [g.node("LogicalNot", [condition!]), y!])]);
};

const cast: GraphRow = (g, [x], { inputs, outputs }) => {
  const [from, to] = [inputs[0]!.dtype, outputs[0]!.dtype];
  if (from === to) return x!;
  // tfjs on wasm casts to bool by cutting bytes.
  if (to === "bool") return g.node("NotEqual", [x!, g.constant(from, [], [0])], { T: typeAttribute(from) });
  return g.node("Cast", [x!], { SrcT: typeAttribute(from), DstT: typeAttribute(to) });
};

const size: GraphRow = (g, _inputs, { attributes }) => {
  const d = dimensionAt(attributes, "dimension");
  if (typeof d === "number") return g.constant("float", [], [d]);
  return g.node("Cast", [g.dimension(d)], { SrcT: typeAttribute("int"), DstT: typeAttribute("float") });
};

/** One row to each primitive; a missing one does not compile. */
export const graphTable = {
  neg: unary("Neg"),
  exp: unary("Exp"),
  log: unary("Log"),
  log1p,
  expm1: unary("Expm1"),
  sqrt: unary("Sqrt"),
  abs: unary("Abs"),
  relu: unary("Relu"),
  sign: unary("Sign"),
  floor: unary("Floor"),
  sin: unary("Sin"),
  cos: unary("Cos"),
  tanh: unary("Tanh"),
  sigmoid: unary("Sigmoid"),
  softplus: unary("Softplus"),
  erf: unary("Erf"),
  erfinv: absent,
  not: logical("LogicalNot"),
  detach: same,
  barrier: same,
  add: binary("AddV2"),
  sub: binary("Sub"),
  mul: binary("Mul"),
  div: binary("RealDiv"),
  pow: binary("Pow"),
  max: binary("Maximum"),
  min: binary("Minimum"),
  mod: binary("FloorMod"),
  eq: binary("Equal"),
  lt: binary("Less"),
  le: binary("LessEqual"),
  and: logical("LogicalAnd"),
  or: logical("LogicalOr"),
  select,
  cast,
  constant: (g, _inputs, { attributes, outputs }) =>
    g.constant(outputs[0]!.dtype, numbersAt(attributes, "shape"), numbersAt(attributes, "data")),
  iota,
  size,
  random: absent,
  reshape,
  transpose: (g, [x], { attributes, inputs }) =>
    g.node("Transpose", [x!, g.integers(numbersAt(attributes, "perm"))], {
      T: typeAttribute(inputs[0]!.dtype),
    }),
  broadcast: (g, [x], { inputs, outputs }) => broadcast(g, x!, inputs[0]!, outputs[0]!.shape),
  slice,
  place,
  pad: (g, [x], { attributes, inputs }) =>
    pad(g, x!, inputs[0]!.dtype, {
      before: shapeAt(attributes, "before"),
      after: shapeAt(attributes, "after"),
      value: numberAt(attributes, "value"),
    }),
  concat: (g, inputs, { attributes, outputs }) =>
    g.node("ConcatV2", [...inputs, g.integer(numberAt(attributes, "axis"))], {
      T: typeAttribute(outputs[0]!.dtype),
      N: integerAttribute(inputs.length),
    }),
  reverse: (g, [x], { attributes, inputs }) =>
    g.node("ReverseV2", [x!, g.integers(numbersAt(attributes, "axes"))], {
      T: typeAttribute(inputs[0]!.dtype),
    }),
  sum: (g, [x], { attributes, inputs }) =>
    g.node("Sum", [x!, g.integers(numbersAt(attributes, "axes"))], {
      T: typeAttribute(inputs[0]!.dtype),
      keep_dims: boolAttribute(booleanAt(attributes, "keep")),
    }),
  max_reduce: (g, [x], { attributes, inputs }) =>
    g.node("Max", [x!, g.integers([numberAt(attributes, "axis")])], {
      T: typeAttribute(inputs[0]!.dtype),
      keep_dims: boolAttribute(booleanAt(attributes, "keep")),
    }),
  argmax: (g, [x], { attributes, inputs }) =>
    g.node("ArgMax", [x!, g.integer(numberAt(attributes, "axis"))], {
      T: typeAttribute(inputs[0]!.dtype),
      output_type: typeAttribute("int"),
    }),
  argsort: sort,
  cumsum: (g, [x], { attributes, inputs }) =>
    g.node("Cumsum", [x!, g.integer(numberAt(attributes, "axis"))], {
      T: typeAttribute(inputs[0]!.dtype),
      exclusive: boolAttribute(booleanAt(attributes, "exclusive")),
      reverse: boolAttribute(booleanAt(attributes, "reverse")),
    }),
  gather: (g, [x, indices], { attributes, inputs }) =>
    g.node("GatherV2", [x!, indices!, g.integer(numberAt(attributes, "axis"))], {
      Tparams: typeAttribute(inputs[0]!.dtype),
      batch_dims: integerAttribute(0),
    }),
  scatter_add: scatterAdd,
  pool_gather: absent,
  pool_scatter: absent,
  matmul: matMul,
  conv2d: (g, inputs, site) => convolution(g, "Conv2D", inputs, site),
  conv2d_input_grad: convolutionInputGradient,
  conv2d_filter_grad: absent,
  depthwise_conv2d: (g, inputs, site) => convolution(g, "DepthwiseConv2dNative", inputs, site),
  depthwise_conv2d_input_grad: absent,
  depthwise_conv2d_filter_grad: absent,
  max_pool: maxPool,
  max_pool_argmax: absent,
  sum_pool: avgPool,
  sum_pool_grad: absent,
  scan: unrolled,
} satisfies Record<PrimitiveName, GraphRow>;
