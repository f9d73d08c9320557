import type { Shape } from "../../tensor/dimension.js";
import type { Geometry, PoolGeometry } from "../../tensor/ops.js";
import { isPrimitive, type PrimitiveName } from "../../tensor/primitives/index.js";
import type { DType, Operation, Program } from "../../tensor/program.js";
import { siteOf, type Site } from "../../tensor/site.js";
import { batch, input, inputs, literal, type Argument, type Call } from "./call.js";

/** How tfjs computes a primitive. */
type TfjsRow<K extends PrimitiveName> = (site: Site<K>) => Call;

export const TF_DTYPES: Readonly<Record<DType, string>> = { float: "float32", int: "int32", bool: "bool" };

type TfName = Extract<Call, { target: "tf" }>["name"];
type KernelName = Extract<Call, { target: "kernels" }>["name"];

function tf(name: TfName, ...args: readonly Argument[]): Call {
  return { target: "tf", name, args };
}

function kernel(name: KernelName, ...args: readonly Argument[]): Call {
  return { target: "kernels", name, args };
}

const x = input(0);
const y = input(1);

function unary(name: TfName): () => Call {
  return () => tf(name, x);
}

function binary(name: TfName): () => Call {
  return () => tf(name, x, y);
}

interface With<A> {
  readonly attributes: A;
}

const shape = ({ attributes }: With<{ readonly shape: Shape }>): Argument => literal(attributes.shape);
const convolution = ({ attributes: { strides, padding, dilations } }: With<Geometry>): Argument =>
  literal({ strides, padding, dilations });
const pool = ({ attributes: { window, strides, padding } }: With<PoolGeometry>): Argument =>
  literal({ window, strides, padding });

/** One row to each primitive; a missing one does not compile. */
export const tfjsTable: { readonly [K in PrimitiveName]: TfjsRow<K> } = {
  neg: unary("neg"),
  exp: unary("exp"),
  log: unary("log"),
  log1p: () => kernel("log1p", x),
  expm1: unary("expm1"),
  sqrt: unary("sqrt"),
  abs: unary("abs"),
  relu: () => tf("maximum", x, literal(0)),
  sign: unary("sign"),
  floor: unary("floor"),
  sin: unary("sin"),
  cos: unary("cos"),
  tanh: unary("tanh"),
  sigmoid: unary("sigmoid"),
  softplus: () => kernel("softplus", x),
  erf: unary("erf"),
  erfinv: () => kernel("erfinv", x),
  not: unary("logicalNot"),
  detach: unary("clone"),
  barrier: unary("clone"),
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: binary("div"),
  pow: binary("pow"),
  max: binary("maximum"),
  min: binary("minimum"),
  mod: binary("mod"),
  eq: binary("equal"),
  lt: binary("less"),
  le: binary("lessEqual"),
  and: binary("logicalAnd"),
  or: binary("logicalOr"),
  select: ({ output }) => kernel("select", x, y, input(2), literal(output.shape)),
  cast: ({ attributes: { dtype } }) =>
    dtype === "bool" ? kernel("toBool", x) : tf("cast", x, literal(TF_DTYPES[dtype])),
  constant: ({ attributes }) => {
    const { data, shape, dtype } = attributes;
    const [value] = data;
    return shape.length === 0 && value !== undefined
      ? tf("scalar", literal(value), literal(TF_DTYPES[dtype]))
      : tf("tensor", literal(data), literal(shape), literal(TF_DTYPES[dtype]));
  },
  iota: ({ attributes: { shape, axis } }) => kernel("iota", literal(shape), literal(axis)),
  size: ({ attributes: { dimension } }) => tf("scalar", literal(dimension), literal("float32")),
  random: ({ attributes: { stream, shape } }) => kernel("random", x, y, literal(stream), literal(shape)),
  reshape: (site) => tf("reshape", x, shape(site)),
  transpose: ({ attributes: { perm } }) => tf("transpose", x, literal(perm)),
  broadcast: (site) => kernel("broadcastTo", x, shape(site)),
  slice: ({ attributes: { begin, size, stride } }) =>
    stride.every((s) => s === 1)
      ? tf("slice", x, literal(begin), literal(size))
      : kernel("slice", x, literal(begin), literal(size), literal(stride)),
  place: ({ attributes: { begin, stride, shape } }) =>
    kernel("place", x, literal(begin), literal(stride), literal(shape)),
  pad: ({ attributes: { before, after, value } }) => {
    const sides = before.map((d, i) => [d, after[i]!]);
    return tf("pad", x, literal(sides), literal(value));
  },
  concat: ({ attributes: { axis } }) => tf("concat", inputs, literal(axis)),
  reverse: ({ attributes: { axes } }) => tf("reverse", x, literal(axes)),
  sum: ({ attributes: { axes, keep } }) => tf("sum", x, literal(axes), literal(keep)),
  max_reduce: ({ attributes: { axis, keep } }) => tf("max", x, literal(axis), literal(keep)),
  argmax: ({ attributes: { axis } }) => tf("argMax", x, literal(axis)),
  argsort: ({ attributes: { axis, ascending } }) => kernel("argsort", x, literal(axis), literal(ascending)),
  cumsum: ({ attributes: { axis, exclusive, reverse } }) =>
    tf("cumsum", x, literal(axis), literal(exclusive), literal(reverse)),
  gather: ({ attributes: { axis } }) => tf("gather", x, y, literal(axis)),
  scatter_add: (site) => kernel("scatterAdd", x, y, shape(site)),
  pool_gather: () => kernel("poolGather", x, y),
  pool_scatter: (site) => kernel("poolScatter", x, y, shape(site)),
  matmul: ({ attributes: { transposeA, transposeB } }) =>
    kernel("matMul", x, y, literal(transposeA), literal(transposeB)),
  conv2d: (site) => kernel("conv2d", x, y, convolution(site)),
  conv2d_input_grad: (site) => kernel("conv2dInputGrad", x, y, convolution(site), shape(site)),
  conv2d_filter_grad: (site) => kernel("conv2dFilterGrad", x, y, convolution(site), shape(site)),
  depthwise_conv2d: (site) => kernel("depthwiseConv2d", x, y, convolution(site)),
  depthwise_conv2d_input_grad: (site) =>
    kernel("depthwiseConv2dInputGrad", x, y, convolution(site), shape(site)),
  depthwise_conv2d_filter_grad: (site) =>
    kernel("depthwiseConv2dFilterGrad", x, y, convolution(site), shape(site)),
  max_pool: (site) => kernel("maxPool", x, pool(site)),
  max_pool_argmax: (site) => kernel("maxPoolArgmax", x, pool(site)),
  sum_pool: (site) => kernel("sumPool", x, pool(site)),
  sum_pool_grad: (site) => kernel("sumPoolGrad", x, pool(site), shape(site)),
  scan: ({ attributes: { length, constants, carries, reverse, body } }) => {
    const plan = literal({ length, constants, carries, reverse });
    return kernel("scan", inputs, { kind: "program", program: body }, plan, batch);
  },
};

/** The call that computes one operation of a program. */
export function callOf(program: Program, op: Operation): Call {
  if (!isPrimitive(op.primitive)) throw new Error(`there is no primitive ${op.primitive}`);
  return rowCall(op.primitive, program, op);
}

function rowCall<K extends PrimitiveName>(name: K, program: Program, op: Operation): Call {
  return tfjsTable[name](siteOf(name, program, op));
}
