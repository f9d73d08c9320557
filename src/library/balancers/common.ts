import { sizeOf } from "../sizes.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { itemAt, pairs } from "../lists.js";
import type { BalancedTask, BatchTask, SharedBalancerContext } from "../entry.js";
import { optionalPaths, paths } from "../kinds/parameters.js";
import { elementCount } from "../../runtime/elements.js";

const doc = "The weights whose gradients it looks at";

/** The option that says which weights' gradients a balancer looks at. */
export const on = optionalPaths(`${doc}; those that two tasks or more reach by default.`);

export const onGiven = paths(`${doc}.`);

/** Losses are raised to this before their logarithm or a quotient is taken. */
export const LEAST_LOSS = 1e-8;

/** Values of one shape along a new first axis. */
export function vector(b: Builder, scalars: readonly Value[]): Value {
  return ops.stack(b, scalars);
}

export function lossesOf(b: Builder, tasks: readonly BalancedTask[]): Value {
  return vector(
    b,
    tasks.map((task) => task.loss),
  );
}

/** The static weights, shape [tasks]. */
export function weightsOf(b: Builder, tasks: readonly BalancedTask[]): Value {
  return ops.constant(
    b,
    tasks.map((task) => task.weight),
    [tasks.length],
  );
}

/** Scales a term that belongs to each label by the batch's share of labelled rows, as its loss is: without labels it is 0. */
export function perLabel(b: Builder, { share }: BatchTask, term: Value): Value {
  return share ? ops.mul(b, term, share) : term;
}

/** Which tasks have labels in the step: 1 or 0, shape [tasks]. */
export function presenceOf(b: Builder, tasks: readonly BalancedTask[]): Value {
  if (tasks.every((task) => task.present === undefined)) return ops.ones(b, [tasks.length]);
  const one = ops.scalar(b, 1);
  return vector(
    b,
    tasks.map(({ present }) => (present ? ops.cast(b, present, "float") : one)),
  );
}

export function isPositive(b: Builder, x: Value): Value {
  return ops.lt(b, ops.scalar(b, 0), x);
}

/** x / y, and 0 where y is 0. */
export function ratio(b: Builder, x: Value, y: Value): Value {
  const there = ops.ne(b, y, ops.scalar(b, 0));
  return ops.select(b, there, ops.div(b, x, ops.select(b, there, y, 1)), 0);
}

/** The mean of the numbers whose `mask` is 1, a scalar; 0 where there are none. */
export function maskedMean(b: Builder, x: Value, mask: Value): Value {
  return ratio(b, ops.sumAll(b, ops.mul(b, x, mask)), ops.sumAll(b, mask));
}

/** The softmax of the numbers whose `mask` is 1; 0 elsewhere. */
export function maskedSoftmax(b: Builder, x: Value, mask: Value): Value {
  const top = ops.maxReduce(b, ops.select(b, isPositive(b, mask), x, -1e30));
  const raised = ops.mul(b, ops.exp(b, ops.min(b, ops.sub(b, x, top), 0)), mask);
  return ratio(b, raised, ops.sumAll(b, raised));
}

/** Where `mask` is 1, `after`, scaled to the sum that `before` has there; `before` elsewhere. */
export function sumKept(b: Builder, before: Value, after: Value, mask: Value): Value {
  const scale = ratio(b, dot(b, before, mask), dot(b, after, mask));
  return ops.select(b, isPositive(b, mask), ops.mul(b, after, scale), before);
}

/** The norms of the tasks' gradients over all shared weights, shape [tasks]. */
export function normsOf({ b, shared, tasks }: SharedBalancerContext): Value {
  const squares = tasks.map((_, i) =>
    shared
      .map(({ gradients }) => ops.sumAll(b, ops.square(b, itemAt(gradients, i))))
      .reduce((sum, square) => ops.add(b, sum, square)),
  );
  return ops.sqrt(b, vector(b, squares));
}

/** Products of the tasks' gradients over all shared weights, shape [tasks, tasks]. */
export function gramOf({
  b,
  shared,
  tasks,
}: Pick<SharedBalancerContext, "b" | "shared"> & { readonly tasks: readonly unknown[] }): Value {
  const products = shared.map(({ gradients, shape }) => {
    const size = elementCount(shape);
    const rows = ops.stack(
      b,
      gradients.map((g) => ops.reshape(b, g, [size])),
    );
    return ops.matmul(b, rows, rows, { transposeB: true });
  });
  const none = ops.zeros(b, [tasks.length, tasks.length]);
  return products.reduce((sum, product) => ops.add(b, sum, product), none);
}

/** The tasks' gradients by their lengths and the angles between them, so that what is solved is about 1 whatever their size. */
export interface Angles {
  /** Lengths, shape [tasks], and 1 where they are above 0. */
  readonly lengths: Value;
  readonly there: Value;
  /** One over the lengths, 0 where they are 0. */
  readonly inverse: Value;
  /** The products of the gradients at length 1, shape [tasks, tasks]. */
  readonly cosines: Value;
}

/** Lengths and angles of the gradients, or of the gradients times the given weights. */
export function anglesOf(context: Parameters<typeof gramOf>[0], weights?: Value): Angles {
  const { b } = context;
  const gram = gramOf(context);
  const bare = ops.sqrt(b, diagonalOf(b, gram));
  const there = ops.cast(b, isPositive(b, bare), "float");
  const inverse = ratio(b, there, bare);
  // Rows are scaled first and columns after them: the product of two inverses may be too large for float32.
  const rows = ops.mul(b, gram, ops.expandDims(b, inverse, 1));
  const cosines = ops.mul(b, rows, ops.expandDims(b, inverse, 0));
  if (weights === undefined) return { lengths: bare, there, inverse, cosines };
  const lengths = ops.mul(b, bare, weights);
  const weighted = ops.cast(b, isPositive(b, lengths), "float");
  return {
    lengths,
    there: weighted,
    inverse: ratio(b, weighted, lengths),
    cosines: ops.mul(b, cosines, outer(b, weighted, weighted)),
  };
}

/** Where `mask` is 1, the least of the lengths there divided by each length; 0 elsewhere. */
export function measureOf(b: Builder, lengths: Value, mask: Value): Value {
  const among = isPositive(b, mask);
  const least = ops.minReduce(b, ops.select(b, among, lengths, 3e38));
  const shares = ops.select(b, ops.le(b, lengths, least), 1, ratio(b, least, lengths));
  return ops.select(b, among, shares, 0);
}

/** The geometric mean of the numbers whose `mask` is 1, a scalar; 1 where there are none. */
export function middleOf(b: Builder, x: Value, mask: Value): Value {
  return ops.exp(b, maskedMean(b, ops.log(b, ops.select(b, isPositive(b, mask), x, 1)), mask));
}

/** The outer product x·yᵀ of two vectors. */
export function outer(b: Builder, x: Value, y: Value): Value {
  return ops.mul(b, ops.expandDims(b, x, 1), ops.expandDims(b, y, 0));
}

/** The Frobenius norm of GᵀG, from the gradients' cosines and their lengths, of which the longest is 1. */
export function productsNorm(b: Builder, cosines: Value, lengths: Value): Value {
  const products = ops.mul(b, cosines, outer(b, lengths, lengths));
  return ops.sqrt(b, ops.sumAll(b, ops.square(b, products)));
}

export function identity(b: Builder, size: number): Value {
  const data = Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  return ops.constant(b, data, [size, size]);
}

/** The numbers on the diagonal of a matrix. */
export function diagonalOf(b: Builder, matrix: Value): Value {
  const size = sizeOf(b, matrix, 0);
  return ops.sum(b, ops.mul(b, matrix, identity(b, size)), [1]);
}

/** A matrix with these numbers on its diagonal. */
export function diagonal(b: Builder, numbers: Value): Value {
  const size = sizeOf(b, numbers, 0);
  return ops.mul(b, identity(b, size), ops.expandDims(b, numbers, 1));
}

/** A matrix times a vector. */
export function times(b: Builder, matrix: Value, x: Value): Value {
  return ops.sum(b, ops.mul(b, matrix, ops.expandDims(b, x, 0)), [1]);
}

export function dot(b: Builder, x: Value, y: Value): Value {
  return ops.sumAll(b, ops.mul(b, x, y));
}

/** Σ factor · gradient for each shared weight; a task whose factor is 0 has no part in it. */
export function combined(
  { b, shared, tasks }: SharedBalancerContext,
  factors: Value,
): { gradients: Value[]; factors: Value } {
  const each = tasks.map((_, i) => ops.reshape(b, ops.slice(b, factors, [i], [1]), []));
  const gradients = shared.map(({ gradients: ofTasks }) =>
    pairs(ofTasks, each)
      .map(([gradient, factor]) => ops.mul(b, gradient, factor))
      .reduce((sum, term) => ops.add(b, sum, term)),
  );
  return { gradients, factors };
}
