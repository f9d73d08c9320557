import { numbersAt, shapeAt } from "../../tensor/attributes.js";
import type { Attributes } from "../../tensor/emitter.js";
import { geometryOf } from "../../tensor/primitives/linear.js";
import { poolGeometryOf } from "../../tensor/primitives/pool.js";
import { scanPlanOf } from "../../tensor/primitives/scan.js";
import type { PrimitiveName } from "../../tensor/primitives/index.js";
import type { DType, Operation, Program, TensorType } from "../../tensor/program.js";
import { batch, input, inputs, literal, type Argument, type Call, type Literal } from "./call.js";

/** What a row may look at: one operation and the types around it. */
export interface Site {
  readonly attributes: Attributes;
  readonly inputs: readonly TensorType[];
  readonly outputs: readonly TensorType[];
}

/** How tfjs computes a primitive. */
export type TfjsRow = (site: Site) => Call;

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

function unary(name: TfName): TfjsRow {
  return () => tf(name, x);
}

function binary(name: TfName): TfjsRow {
  return () => tf(name, x, y);
}

function at(attributes: Attributes, key: string): Argument {
  return literal(attributes[key] as Literal);
}

function shape({ attributes }: Site): Argument {
  return literal(shapeAt(attributes, "shape"));
}

const convolution = ({ attributes }: Site): Argument => literal({ ...geometryOf(attributes) });
const pool = ({ attributes }: Site): Argument => literal({ ...poolGeometryOf(attributes) });

/** One row to each primitive; a missing one does not compile. */
export const tfjsTable = {
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
  select: ({ outputs }) => kernel("select", x, y, input(2), literal(outputs[0]!.shape)),
  cast: ({ outputs }) =>
    outputs[0]!.dtype === "bool" ? kernel("toBool", x) : tf("cast", x, literal(TF_DTYPES[outputs[0]!.dtype])),
  constant: ({ attributes, outputs }) => {
    const dtype = literal(TF_DTYPES[outputs[0]!.dtype]);
    const [value] = numbersAt(attributes, "data");
    return outputs[0]!.shape.length === 0
      ? tf("scalar", literal(value!), dtype)
      : tf("tensor", at(attributes, "data"), at(attributes, "shape"), dtype);
  },
  iota: (site) => kernel("iota", shape(site), at(site.attributes, "axis")),
  size: ({ attributes }) => tf("scalar", at(attributes, "dimension"), literal("float32")),
  random: (site) => kernel("random", x, y, at(site.attributes, "stream"), shape(site)),
  reshape: (site) => tf("reshape", x, shape(site)),
  transpose: ({ attributes }) => tf("transpose", x, at(attributes, "perm")),
  broadcast: (site) => kernel("broadcastTo", x, shape(site)),
  slice: ({ attributes }) =>
    numbersAt(attributes, "stride").every((s) => s === 1)
      ? tf("slice", x, at(attributes, "begin"), at(attributes, "size"))
      : kernel("slice", x, at(attributes, "begin"), at(attributes, "size"), at(attributes, "stride")),
  place: (site) =>
    kernel("place", x, at(site.attributes, "begin"), at(site.attributes, "stride"), shape(site)),
  pad: ({ attributes }) => {
    const after = shapeAt(attributes, "after");
    const sides = shapeAt(attributes, "before").map((d, i) => [d, after[i]!]);
    return tf("pad", x, literal(sides), at(attributes, "value"));
  },
  concat: ({ attributes }) => tf("concat", inputs, at(attributes, "axis")),
  reverse: ({ attributes }) => tf("reverse", x, at(attributes, "axes")),
  sum: ({ attributes }) => tf("sum", x, at(attributes, "axes"), at(attributes, "keep")),
  max_reduce: ({ attributes }) => tf("max", x, at(attributes, "axis"), at(attributes, "keep")),
  argmax: ({ attributes }) => tf("argMax", x, at(attributes, "axis")),
  argsort: ({ attributes }) => kernel("argsort", x, at(attributes, "axis"), at(attributes, "ascending")),
  cumsum: ({ attributes }) =>
    tf("cumsum", x, at(attributes, "axis"), at(attributes, "exclusive"), at(attributes, "reverse")),
  gather: ({ attributes }) => tf("gather", x, y, at(attributes, "axis")),
  scatter_add: (site) => kernel("scatterAdd", x, y, shape(site)),
  pool_gather: () => kernel("poolGather", x, y),
  pool_scatter: (site) => kernel("poolScatter", x, y, shape(site)),
  matmul: ({ attributes }) =>
    kernel("matMul", x, y, at(attributes, "transposeA"), at(attributes, "transposeB")),
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
  scan: ({ attributes }) => {
    const { length, constants, carries, reverse, body } = scanPlanOf(attributes);
    const plan = literal({ length, constants, carries, reverse });
    return kernel("scan", inputs, { kind: "program", program: body }, plan, batch);
  },
} satisfies Record<PrimitiveName, TfjsRow>;

/** The call that computes one operation of a program. */
export function callOf(program: Program, op: Operation): Call {
  if (!Object.hasOwn(tfjsTable, op.primitive)) throw new Error(`there is no primitive ${op.primitive}`);
  const row: TfjsRow = tfjsTable[op.primitive as PrimitiveName];
  return row({
    attributes: op.attributes,
    inputs: op.inputs.map((v) => program.types[v.id]!),
    outputs: op.outputs.map((v) => program.types[v.id]!),
  });
}
