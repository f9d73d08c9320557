import { one, two, type Case } from "./case.js";
import { nested } from "./composites.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { B, ops, type Builder, type Value } from "../../src/tensor/index.js";
import type { PrimitiveName } from "../../src/tensor/primitives/index.js";
import { apart, bools, draw, ints } from "./numbers.js";

const wide = draw(1, [3, 4], -2, 2);
const positive = draw(2, [3, 4], 0.3, 3);
const inside = draw(3, [3, 4], -0.95, 0.95);
const row = draw(4, [4], 0.4, 2);
const column = draw(5, [2, 3, 1], -2, 2);
const image = draw(6, [2, 6, 5, 2]);
const tall = apart(7, [2, 6, 5, 2]);
const bend = (b: Builder, v: Value): Value => ops.sin(b, v);
const asFloat = (b: Builder, v: Value): Value => ops.cast(b, v, "float");

const geometries: readonly (readonly [string, Required<ops.ConvolutionOptions>])[] = [
  [
    "plain",
    {
      strides: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilations: [1, 1],
    },
  ],
  [
    "padded",
    {
      strides: [1, 1],
      padding: [
        [1, 1],
        [0, 2],
      ],
      dilations: [1, 1],
    },
  ],
  [
    "stride 2",
    {
      strides: [2, 2],
      padding: [
        [0, 1],
        [1, 1],
      ],
      dilations: [1, 1],
    },
  ],
  [
    "stride 3, uneven",
    {
      strides: [3, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilations: [1, 1],
    },
  ],
  [
    "dilated",
    {
      strides: [1, 1],
      padding: [
        [1, 2],
        [1, 1],
      ],
      dilations: [2, 1],
    },
  ],
  [
    "stride and dilation",
    {
      strides: [2, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilations: [1, 2],
    },
  ],
];

const pools: readonly (readonly [string, Required<ops.PoolOptions>])[] = [
  [
    "2 by 2",
    {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  ],
  [
    "overlapping, padded",
    {
      window: [3, 2],
      strides: [2, 1],
      padding: [
        [1, 1],
        [0, 1],
      ],
    },
  ],
  [
    "one element",
    {
      window: [1, 1],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  ],
];

function sides(o: Required<ops.ConvolutionOptions>, h: number, w: number): [number, number] {
  const side = (n: number, window: number, i: 0 | 1): number => {
    const extent = (window - 1) * o.dilations[i] + 1;
    return Math.floor((n + o.padding[i][0] + o.padding[i][1] - extent) / o.strides[i]) + 1;
  };
  return [side(6, h, 0), side(5, w, 1)];
}

const unary = (x: HostTensor, f: (b: Builder, x: Value) => Value): Case[] => [one("", x, f)];
const compare = (f: (b: Builder, x: Value, y: Value) => Value): Case[] => [
  two("", apart(8, [3, 4]), draw(9, [4]), (b, x, y) => ops.mul(b, asFloat(b, f(b, x, y)), x)),
  two("ints", ints([4], [1, 2, 3, -1]), ints([4], [2, 2, 1, -1]), (b, x, y) => asFloat(b, f(b, x, y))),
];
const logical = (f: (b: Builder, x: Value, y: Value) => Value): Case[] => [
  two("", bools([4], [0, 0, 1, 1]), bools([4], [0, 1, 0, 1]), (b, x, y) => asFloat(b, f(b, x, y))),
];

const elementwise = {
  neg: [...unary(wide, ops.neg), one("ints", ints([2], [3, -4]), (b, x) => asFloat(b, ops.neg(b, x)))],
  exp: unary(wide, ops.exp),
  log: unary(positive, ops.log),
  log1p: [
    ...unary(positive, ops.log1p),
    one("near 0", draw(10, [5], -1e-4, 1e-4), (b, x) => ops.mul(b, ops.log1p(b, x), 1e4)),
  ],
  expm1: [
    ...unary(wide, ops.expm1),
    one("near 0", draw(10, [5], -1e-4, 1e-4), (b, x) => ops.mul(b, ops.expm1(b, x), 1e4)),
  ],
  sqrt: unary(positive, ops.sqrt),
  abs: unary(apart(11, [3, 4]), ops.abs),
  relu: unary(apart(11, [3, 4]), ops.relu),
  sign: unary(apart(11, [3, 4]), (b, x) => ops.mul(b, ops.sign(b, x), x)),
  floor: unary(apart(11, [3, 4]), (b, x) => ops.mul(b, ops.floor(b, ops.mul(b, x, 3)), x)),
  sin: unary(wide, ops.sin),
  cos: unary(wide, ops.cos),
  tanh: [...unary(wide, ops.tanh), one("far", draw(12, [6], -60, 60), ops.tanh)],
  sigmoid: [...unary(wide, ops.sigmoid), one("far", draw(12, [6], -60, 60), ops.sigmoid)],
  softplus: [...unary(wide, ops.softplus), one("far", draw(12, [6], -60, 60), ops.softplus)],
  erf: unary(wide, ops.erf),
  erfinv: unary(inside, ops.erfinv),
  not: [one("", bools([2], [0, 1]), (b, x) => asFloat(b, ops.not(b, x)))],
  detach: [
    { ...one("", wide, (b, x) => ops.mul(b, ops.detach(b, bend(b, x)), ops.square(b, x))), detached: true },
  ],
  barrier: unary(wide, (b, x) => ops.barrier(b, bend(b, x))),
  add: [
    two("rows", wide, row, (b, x, y) => ops.add(b, x, y)),
    two("both ways", column, row, (b, x, y) => ops.add(b, x, y)),
    two("ints", ints([2], [20_000_001, -4]), ints([2], [2, 3]), (b, x, y) =>
      asFloat(b, ops.sub(b, ops.add(b, x, y), 20_000_000)),
    ),
  ],
  sub: [
    two("rows", wide, row, (b, x, y) => ops.sub(b, x, y)),
    two("scalar", draw(13, []), wide, (b, x, y) => ops.sub(b, x, y)),
  ],
  mul: [
    two("rows", wide, row, (b, x, y) => ops.mul(b, x, y)),
    two("both ways", column, row, (b, x, y) => ops.mul(b, x, y)),
    one("with itself", wide, (b, x) => ops.mul(b, x, x)),
    one("batch", wide, (b, x) => ops.mul(b, bend(b, x), x), [B, 4]),
  ],
  div: [
    two("rows", wide, row, (b, x, y) => ops.div(b, x, y)),
    two("both ways", column, row, (b, x, y) => ops.div(b, x, y)),
  ],
  pow: [
    two("", positive, row, (b, x, y) => ops.pow(b, x, y)),
    one("negative base", wide, (b, x) => ops.pow(b, x, 3)),
    one("square at 0", draw(14, [3], 0, 0), (b, x) => ops.pow(b, x, 2)),
  ],
  max: [two("", apart(15, [3, 4]), draw(16, [4], -0.001, 0.001), (b, x, y) => ops.max(b, bend(b, x), y))],
  min: [two("", apart(15, [3, 4]), draw(16, [4], -0.001, 0.001), (b, x, y) => ops.min(b, bend(b, x), y))],
  mod: [
    two("", apart(17, [3, 4]), draw(18, [4], 0.35, 0.36), (b, x, y) => ops.mod(b, x, y)),
    two("ints", ints([4], [-5, 5, -6, 7]), ints([4], [3, 3, 3, -4]), (b, x, y) =>
      asFloat(b, ops.mod(b, x, y)),
    ),
  ],
  eq: compare(ops.eq),
  lt: compare(ops.lt),
  le: compare(ops.le),
  and: logical(ops.and),
  or: logical(ops.or),
  select: [
    two("", wide, column, (b, x, y) => ops.select(b, ops.lt(b, x, 0.1), bend(b, x), ops.square(b, y))),
    one("bools", bools([3], [1, 0, 1]), (b, x) =>
      asFloat(b, ops.select(b, x, ops.not(b, x), ops.eq(b, x, x))),
    ),
  ],
  cast: [
    one("to int", wide, (b, x) => ops.mul(b, asFloat(b, ops.cast(b, ops.mul(b, x, 3), "int")), x)),
    one("to bool", draw(19, [3], 0, 1), (b, x) =>
      asFloat(b, ops.cast(b, ops.floor(b, ops.mul(b, x, 2)), "bool")),
    ),
    one("int to bool", ints([3], [0, -1, 4]), (b, x) => asFloat(b, ops.cast(b, x, "bool"))),
  ],
} satisfies Partial<Record<PrimitiveName, readonly Case[]>>;

const made = {
  constant: [one("", wide, (b, x) => ops.mul(b, x, ops.constant(b, [1, -2, 3, 0.5], [4])))],
  iota: [one("", wide, (b, x) => ops.mul(b, bend(b, x), asFloat(b, ops.iota(b, [B, 4], 1))), [B, 4])],
  size: [one("", wide, (b, x) => ops.div(b, bend(b, x), ops.size(b, B)), [B, 4])],
  random: [
    two("", ints([], [7]), ints([], [3]), (b, seed, step) =>
      ops.random(b, { seed, step, stream: 4_000_000_000 }, [5, 3]),
    ),
    two("normal", ints([], [7]), ints([], [3]), (b, seed, step) =>
      ops.normal(b, { seed, step, stream: 5 }, [500]),
    ),
  ],
  reshape: [one("", wide, (b, x) => ops.reshape(b, bend(b, x), [2, B, 2]), [B, 4])],
  transpose: [one("", column, (b, x) => ops.transpose(b, bend(b, x), [2, 0, 1]))],
  broadcast: [one("", column, (b, x) => ops.broadcast(b, bend(b, x), [2, 2, 3, 4]))],
  slice: [
    one("", wide, (b, x) => ops.slice(b, bend(b, x), [1, 1], [2, 3])),
    one("strided", image, (b, x) => ops.slice(b, bend(b, x), [0, 1, 0, 0], [2, 3, 2, 2], [1, 2, 3, 1])),
    one("of the batch", wide, (b, x) => ops.slice(b, bend(b, x), [0, 1], [1, 2]), [B, 4]),
  ],
  place: [
    one("", wide, (b, x) => ops.place(b, bend(b, x), [1, 2], [5, 8])),
    one("strided", wide, (b, x) => ops.place(b, bend(b, x), [1, 0], [8, 8], [3, 2])),
  ],
  pad: [one("", wide, (b, x) => ops.pad(b, bend(b, x), [0, 1], [0, 2], 0.5), [B, 4])],
  concat: [two("", wide, positive, (b, x, y) => ops.concat(b, [bend(b, x), y, x], 1))],
  reverse: [one("", wide, (b, x) => ops.mul(b, ops.reverse(b, x, [0, 1]), x))],
  sum: [
    one("rows", wide, (b, x) => ops.sum(b, bend(b, x), [1])),
    one("kept", column, (b, x) => ops.mul(b, ops.sum(b, x, [0, 2], true), x)),
    one("batch", wide, (b, x) => ops.mul(b, ops.mean(b, x, [0]), x), [B, 4]),
    one("all", wide, (b, x) => ops.sumAll(b, bend(b, x))),
  ],
  max_reduce: [
    one("", apart(20, [3, 4]), (b, x) => ops.maxReduce(b, bend(b, x), 1)),
    one("kept", apart(20, [3, 4]), (b, x) => ops.maxReduce(b, bend(b, x), 0, true)),
  ],
  argmax: [
    one("ties", ints([2, 3], [1, 5, 5, 2, 2, 0]), (b, x) => asFloat(b, ops.argmax(b, asFloat(b, x), 1))),
  ],
  argsort: [
    one("sort", apart(21, [7]), (b, x) => ops.sort(b, bend(b, x))),
    one("stable", ints([6], [2, 1, 2, 0, 1, 2]), (b, x) => asFloat(b, ops.argsort(b, asFloat(b, x), 0))),
    one("descending", ints([6], [2, 1, 2, 0, 1, 2]), (b, x) =>
      asFloat(b, ops.argsort(b, asFloat(b, x), 0, false)),
    ),
    one("axis 0", apart(22, [3, 4]), (b, x) => asFloat(b, ops.argsort(b, x, 0))),
  ],
  cumsum: [
    one("", wide, (b, x) => ops.cumsum(b, bend(b, x), 1)),
    one("reverse, exclusive", wide, (b, x) =>
      ops.cumsum(b, bend(b, x), 0, { reverse: true, exclusive: true }),
    ),
  ],
  gather: [
    two("rows", wide, ints([4], [2, 0, 2, 1]), (b, x, i) => ops.gather(b, bend(b, x), i)),
    two("axis 1", wide, ints([2, 2], [3, 0, 3, 1]), (b, x, i) => ops.gather(b, bend(b, x), i, 1)),
    two("one", wide, ints([], [1]), (b, x, i) => ops.gather(b, bend(b, x), i)),
  ],
  scatter_add: [two("", wide, ints([3], [4, 0, 4]), (b, x, i) => ops.scatterAdd(b, i, bend(b, x), [5, 4]))],
  pool_gather: [
    two("", image, ints([2, 3], [0, 59, 7, 7, 1, 59]), (b, x, i) => ops.poolGather(b, bend(b, x), i)),
  ],
  pool_scatter: [
    two("", draw(23, [2, 3]), ints([2, 3], [0, 59, 7, 7, 7, 5]), (b, x, i) =>
      ops.poolScatter(b, bend(b, x), i, [2, 6, 5, 2]),
    ),
  ],
} satisfies Partial<Record<PrimitiveName, readonly Case[]>>;

const filters = draw(24, [3, 2, 2, 3]);
const deep = draw(25, [3, 2, 2, 2]);

const heavy = {
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) =>
      two(
        `${transposeA} ${transposeB}`,
        draw(26, transposeA ? [2, 4, 3] : [2, 3, 4]),
        draw(27, transposeB ? [2, 5, 4] : [2, 4, 5]),
        (b, x, y) => ops.matmul(b, x, y, { transposeA, transposeB }),
      ),
    ),
  ),
  conv2d: geometries.map(([name, o]) => two(name, image, filters, (b, x, w) => ops.conv2d(b, x, w, o))),
  conv2d_input_grad: geometries.map(([name, o]) =>
    two(name, draw(28, [2, ...sides(o, 3, 2), 3]), filters, (b, g, w) =>
      ops.conv2dInputGrad(b, g, w, [2, 6, 5, 2], o),
    ),
  ),
  conv2d_filter_grad: geometries.map(([name, o]) =>
    two(name, image, draw(29, [2, ...sides(o, 3, 2), 3]), (b, x, g) =>
      ops.conv2dFilterGrad(b, x, g, [3, 2, 2, 3], o),
    ),
  ),
  depthwise_conv2d: geometries.map(([name, o]) =>
    two(name, image, deep, (b, x, w) => ops.depthwiseConv2d(b, x, w, o)),
  ),
  depthwise_conv2d_input_grad: geometries.map(([name, o]) =>
    two(name, draw(28, [2, ...sides(o, 3, 2), 4]), deep, (b, g, w) =>
      ops.depthwiseConv2dInputGrad(b, g, w, [2, 6, 5, 2], o),
    ),
  ),
  depthwise_conv2d_filter_grad: geometries.map(([name, o]) =>
    two(name, image, draw(29, [2, ...sides(o, 3, 2), 4]), (b, x, g) =>
      ops.depthwiseConv2dFilterGrad(b, x, g, [3, 2, 2, 2], o),
    ),
  ),
  max_pool: pools.map(([name, o]) =>
    one(name, tall, (b, x) => ops.maxPool(b, bend(b, ops.mul(b, x, 0.4)), o)),
  ),
  max_pool_argmax: [
    ...pools.map(([name, o]) => one(name, tall, (b, x) => asFloat(b, ops.maxPoolArgmax(b, x, o)))),
    one(
      "ties",
      ints(
        [1, 4, 4, 2],
        Array.from({ length: 32 }, () => 0),
      ),
      (b, x) => asFloat(b, ops.maxPoolArgmax(b, asFloat(b, x), { window: [3, 3], strides: [1, 1] })),
    ),
  ],
  sum_pool: pools.map(([name, o]) => one(name, image, (b, x) => ops.sumPool(b, bend(b, x), o))),
  sum_pool_grad: pools.map(([name, o]) => {
    const [h, w] = sides({ ...o, dilations: [1, 1] }, o.window[0], o.window[1]);
    return one(name, draw(31, [2, h, w, 2]), (b, g) => ops.sumPoolGrad(b, bend(b, g), [2, 6, 5, 2], o));
  }),
} satisfies Partial<Record<PrimitiveName, readonly Case[]>>;

function recurrent(reverse: boolean): Case {
  return {
    name: `recurrent${reverse ? ", reverse" : ""}`,
    inputs: [draw(32, [4, 4]), draw(33, [3, 4]), draw(34, [5, 3, 4])],
    shapes: [
      [4, 4],
      [B, 4],
      [5, B, 4],
    ],
    build: (b, [w, h, x]) => {
      const { carries, ys } = ops.scan(
        b,
        5,
        { constants: [w!], carries: [h!], xs: [x!] },
        (body, [k], [c], [s]) => {
          const next = ops.tanh(body, ops.add(body, ops.matmul(body, c!, k!), s!));
          return { carries: [next], ys: [ops.mul(body, next, s!)] };
        },
        { reverse },
      );
      return ops.concat(b, [ops.reshape(b, carries[0]!, [1, B, 4]), ys[0]!], 0);
    },
  };
}

/** At least one case to every primitive. */
export const cases: Readonly<Record<PrimitiveName, readonly Case[]>> = {
  ...elementwise,
  ...made,
  ...heavy,
  scan: [recurrent(false), recurrent(true), nested],
};
