import * as binary from "./binary.js";
import * as constants from "./constants.js";
import * as depthwise from "./depthwise.js";
import * as indexing from "./indexing.js";
import * as linear from "./linear.js";
import * as pool from "./pool.js";
import type { Primitive } from "./primitive.js";
import * as reduce from "./reduce.js";
import { scan } from "./scan.js";
import * as select from "./select.js";
import * as shape from "./shape.js";
import * as unary from "./unary.js";

/** Every primitive there is. */
export const primitives = {
  neg: unary.neg,
  exp: unary.exp,
  log: unary.log,
  log1p: unary.log1p,
  expm1: unary.expm1,
  sqrt: unary.sqrt,
  abs: unary.abs,
  relu: unary.relu,
  sign: unary.sign,
  floor: unary.floor,
  sin: unary.sin,
  cos: unary.cos,
  tanh: unary.tanh,
  sigmoid: unary.sigmoid,
  softplus: unary.softplus,
  erf: unary.erf,
  erfinv: unary.erfinv,
  not: unary.not,
  detach: unary.detach,
  barrier: unary.barrier,
  add: binary.add,
  sub: binary.sub,
  mul: binary.mul,
  div: binary.div,
  pow: binary.pow,
  max: binary.max,
  min: binary.min,
  mod: binary.mod,
  eq: binary.eq,
  lt: binary.lt,
  le: binary.le,
  and: binary.and,
  or: binary.or,
  select: select.select,
  cast: select.cast,
  constant: constants.constant,
  iota: constants.iota,
  size: constants.size,
  random: constants.random,
  reshape: shape.reshape,
  transpose: shape.transpose,
  broadcast: shape.broadcast,
  slice: shape.slice,
  place: shape.place,
  pad: shape.pad,
  concat: shape.concat,
  reverse: shape.reverse,
  sum: reduce.sum,
  max_reduce: reduce.max_reduce,
  argmax: reduce.argmax,
  argsort: reduce.argsort,
  cumsum: reduce.cumsum,
  gather: indexing.gather,
  scatter_add: indexing.scatter_add,
  pool_gather: indexing.pool_gather,
  pool_scatter: indexing.pool_scatter,
  matmul: linear.matmul,
  conv2d: linear.conv2d,
  conv2d_input_grad: linear.conv2d_input_grad,
  conv2d_filter_grad: linear.conv2d_filter_grad,
  depthwise_conv2d: depthwise.depthwise_conv2d,
  depthwise_conv2d_input_grad: depthwise.depthwise_conv2d_input_grad,
  depthwise_conv2d_filter_grad: depthwise.depthwise_conv2d_filter_grad,
  max_pool: pool.max_pool,
  max_pool_argmax: pool.max_pool_argmax,
  sum_pool: pool.sum_pool,
  sum_pool_grad: pool.sum_pool_grad,
  scan,
} satisfies Record<string, Primitive>;

export type { Primitive };

export type PrimitiveName = keyof typeof primitives;

export function isPrimitive(name: string): name is PrimitiveName {
  return Object.hasOwn(primitives, name);
}

/** The primitive of that name; throws where there is none. */
export function primitiveNamed(name: string): Primitive {
  if (!isPrimitive(name)) throw new Error(`there is no primitive ${name}`);
  return primitives[name];
}
