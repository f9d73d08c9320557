import type { PrimitiveName } from "../../tensor/primitives/index.js";
import type { TensorType } from "../../tensor/program.js";
import { boolAttribute, integerAttribute, typeAttribute, type Graph, type Ref } from "./graph.js";
import { avgPool, convolution, convolutionInputGradient, maxPool } from "./images.js";
import { unrolled } from "./loops.js";
import type { GraphRow } from "./row.js";
import { broadcast, iota, matMul, pad, place, reshape, scatterAdd, slice, sort } from "./shapes.js";

const T = typeAttribute("float");

/** A site of which only the first operand's type matters, as all operands have it. */
interface First {
  readonly inputs: readonly [TensorType, ...TensorType[]];
}

function unary(op: string) {
  return (g: Graph, [x]: readonly [Ref], { inputs: [{ dtype }] }: First): Ref =>
    g.node(op, [x], { T: typeAttribute(dtype) });
}

function binary(op: string) {
  return (g: Graph, [x, y]: readonly [Ref, Ref], { inputs: [{ dtype }] }: First): Ref =>
    g.node(op, [x, y], { T: typeAttribute(dtype) });
}

function logical(op: string) {
  return (g: Graph, inputs: readonly Ref[]): Ref => g.node(op, inputs);
}

const same = (_g: Graph, [x]: readonly [Ref]): Ref => x;

/** Not in the format, or a part of training that prediction has no use for. */
const absent = (): undefined => undefined;

/** tfjs on wasm computes log(1 + x) as it is written, which loses x near 0; Kahan's correction gets it back. */
const log1p: GraphRow<"log1p"> = (g, [x]) => {
  const one = g.constant("float", [], [1]);
  const u = g.node("AddV2", [x, one], { T });
  const kept = g.node("Sub", [u, one], { T });
  const lost = g.node("Equal", [kept, g.constant("float", [], [0])], { T });
  const ratio = g.node("RealDiv", [x, g.node("SelectV2", [lost, one, kept], { T })], { T });
  const log = g.node("Log", [u], { T });
  const exact = g.node("SelectV2", [lost, x, g.node("Mul", [log, ratio], { T })], { T });
  // At infinity the corrected ratio would be NaN.
  return g.node("SelectV2", [g.node("Less", [x, one], { T }), exact, log], { T });
};

/** tfjs on wasm reads bools in `where` as if they were wider, so for them logic operations select. */
const select: GraphRow<"select"> = (g, [condition, x, y], { output: { dtype } }) => {
  if (dtype !== "bool") {
    return g.node("SelectV2", [condition, x, y], { T: typeAttribute(dtype) });
  }
  const either = g.node("LogicalAnd", [condition, x]);
  return g.node("LogicalOr", [either, g.node("LogicalAnd", [g.node("LogicalNot", [condition]), y])]);
};

const cast: GraphRow<"cast"> = (g, [x], { inputs: [{ dtype: from }], attributes: { dtype: to } }) => {
  if (from === to) return x;
  // tfjs on wasm casts to bool by dropping bytes, so the number is compared with 0.
  if (to === "bool") return g.node("NotEqual", [x, g.constant(from, [], [0])], { T: typeAttribute(from) });
  return g.node("Cast", [x], { SrcT: typeAttribute(from), DstT: typeAttribute(to) });
};

const size: GraphRow<"size"> = (g, _inputs, { attributes: { dimension: d } }) => {
  if (typeof d === "number") return g.constant("float", [], [d]);
  return g.node("Cast", [g.dimension(d)], { SrcT: typeAttribute("int"), DstT: typeAttribute("float") });
};

/** One row to each primitive; a missing one does not compile. */
export const graphTable: { readonly [K in PrimitiveName]: GraphRow<K> } = {
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
  constant: (g, _inputs, { attributes: { dtype, shape, data } }) => g.constant(dtype, shape, data),
  iota,
  size,
  random: absent,
  reshape,
  transpose: (g, [x], { attributes: { perm }, output: { dtype } }) =>
    g.node("Transpose", [x, g.integers(perm)], { T: typeAttribute(dtype) }),
  broadcast: (g, [x], { inputs: [type], attributes: { shape } }) => broadcast(g, x, type, shape),
  slice,
  place,
  pad: (g, [x], { attributes, output: { dtype } }) => pad(g, x, dtype, attributes),
  concat: (g, inputs, { attributes: { axis }, output: { dtype } }) =>
    g.node("ConcatV2", [...inputs, g.integer(axis)], {
      T: typeAttribute(dtype),
      N: integerAttribute(inputs.length),
    }),
  reverse: (g, [x], { attributes: { axes }, output: { dtype } }) =>
    g.node("ReverseV2", [x, g.integers(axes)], { T: typeAttribute(dtype) }),
  sum: (g, [x], { attributes: { axes, keep }, output: { dtype } }) =>
    g.node("Sum", [x, g.integers(axes)], { T: typeAttribute(dtype), keep_dims: boolAttribute(keep) }),
  max_reduce: (g, [x], { attributes: { axis, keep }, output: { dtype } }) =>
    g.node("Max", [x, g.integers([axis])], { T: typeAttribute(dtype), keep_dims: boolAttribute(keep) }),
  argmax: (g, [x], { attributes: { axis }, inputs: [{ dtype }] }) =>
    g.node("ArgMax", [x, g.integer(axis)], {
      T: typeAttribute(dtype),
      output_type: typeAttribute("int"),
    }),
  argsort: sort,
  cumsum: (g, [x], { attributes: { axis, exclusive, reverse }, output: { dtype } }) =>
    g.node("Cumsum", [x, g.integer(axis)], {
      T: typeAttribute(dtype),
      exclusive: boolAttribute(exclusive),
      reverse: boolAttribute(reverse),
    }),
  gather: (g, [x, indices], { attributes: { axis }, output: { dtype } }) =>
    g.node("GatherV2", [x, indices, g.integer(axis)], {
      Tparams: typeAttribute(dtype),
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
};
