import { names } from "../names.js";
import type { Descent } from "../../../library/meta-entry.js";
import { ops, type Builder, type Program, type Value } from "../../../tensor/index.js";
import { lastOf, lookup, pairs, typeOf } from "../../../tensor/lookup.js";
import { lossAt, type Resolve } from "./passes.js";
import { instead } from "./states.js";

/** Where steps of gradient descent begin, and on what. */
export interface Slope {
  /** The loss that is descended on, of some rows of the episode. */
  readonly loss: Program;
  /** The adapting weights' paths, and where they begin. */
  readonly paths: readonly string[];
  readonly start: readonly Value[];
  /** All other inputs of the loss. */
  readonly resolve: Resolve;
  /** Whether the steps are written out one by one; otherwise they are a loop. */
  readonly unroll: boolean;
  /** Set where steps draw random numbers: the seed of the first step, from which the others count on. */
  readonly seed?: Value;
}

/** The adapting weights after each step; only those after the last one if the steps are a loop and not `every` one is wanted. */
export function descend(b: Builder, slope: Slope, descent: Descent): (readonly Value[])[] {
  return slope.unroll ? unrolled(b, slope, descent) : looped(b, slope, descent);
}

function unrolled(b: Builder, slope: Slope, descent: Descent): (readonly Value[])[] {
  const trajectory: (readonly Value[])[] = [];
  let values = slope.start;
  for (let k = 0; k < descent.steps; k++) {
    const rates = descent.perStep ? descent.rates.map((rate) => at(b, rate, k)) : descent.rates;
    const resolve = slope.seed
      ? seeded(b, slope.resolve, slope.seed, ops.scalar(b, k, "int"))
      : slope.resolve;
    values = stepDown(b, { ...slope, resolve, values, rates, descent, second: descent.second });
    trajectory.push(values);
  }
  return trajectory;
}

const SEED = { dtype: "int", shape: [] } as const;

function seeded(b: Builder, resolve: Resolve, seed: Value, step: Value): Resolve {
  return instead(resolve, new Map([[names.seed, ops.add(b, seed, step)]]));
}

/** The k-th slice along the first axis. */
function at(b: Builder, stacked: Value, k: number): Value {
  const rest = b.typeOf(stacked).shape.slice(1);
  return ops.reshape(b, ops.slice(b, stacked, [k, ...rest.map(() => 0)], [1, ...rest]), rest);
}

interface Down extends Pick<Slope, "loss" | "paths" | "start" | "resolve"> {
  readonly values: readonly Value[];
  /** A learning rate for each weight, a scalar or of its shape. */
  readonly rates: readonly Value[];
  readonly descent: Pick<Descent, "proximal">;
  readonly second: Descent["second"];
}

/** One step of gradient descent. */
export function stepDown(b: Builder, down: Down): Value[] {
  const { loss, paths, start, values, rates, descent, second } = down;
  const resolve = instead(down.resolve, new Map(pairs(paths, values)));
  const gradients = b.gradients(lossAt(b, loss, resolve), values);
  return values.map((value, i) => {
    const gradient = ofOrder(b, gradients[i]!, second);
    const pulled = descent.proximal
      ? ops.add(b, gradient, ops.mul(b, ops.sub(b, value, start[i]!), descent.proximal))
      : gradient;
    return ops.sub(b, value, ops.mul(b, pulled, rates[i]!));
  });
}

/** The gradient; for first-order methods a constant, so that nothing differentiates through it. */
function ofOrder(b: Builder, gradient: Value, second: Descent["second"]): Value {
  if (second === true) return gradient;
  const fixed = ops.detach(b, gradient);
  if (second === false) return fixed;
  const more = ops.mul(b, ops.sub(b, gradient, fixed), ops.cast(b, second, "float"));
  return ops.add(b, fixed, more);
}

/** The steps as a loop, whose gradient keeps the weights between steps and computes all else again. */
function looped(b: Builder, slope: Slope, descent: Descent): (readonly Value[])[] {
  const { loss, paths, start, seed } = slope;
  const resolve = seed ? instead(slope.resolve, new Map([[names.seed, seed]])) : slope.resolve;
  const own = new Set(paths);
  const others = loss.inputs.filter(({ name }) => !own.has(name));
  const othersNames = others.map(({ name }) => name);
  const given = others.map(({ name, value }) => resolve(name, typeOf(loss, value)));
  const flag = typeof descent.second === "boolean" ? [] : [descent.second];
  const fixed = [given, start, flag, descent.perStep ? [] : descent.rates];
  const { carries, ys } = ops.scan(
    b,
    descent.steps,
    {
      constants: fixed.flat(),
      carries: start,
      xs: [...(descent.perStep ? descent.rates : []), ...(seed ? [ops.iota(b, [descent.steps])] : [])],
    },
    (body, constants, values, slices) => {
      const [known = [], begin = [], second = [], rates = []] = parts(constants, fixed);
      const byName = new Map(pairs(othersNames, known));
      const constant: Resolve = (name) => lookup(byName, name);
      const drawn = seed && byName.has(names.seed);
      const moved = stepDown(body, {
        loss,
        paths,
        start: begin,
        values,
        rates: descent.perStep ? slices.slice(0, paths.length) : rates,
        descent,
        second: second[0] ?? descent.second,
        resolve: drawn ? seeded(body, constant, constant(names.seed, SEED), lastOf(slices)) : constant,
      });
      return { carries: moved, ys: descent.every ? moved : [] };
    },
    { recompute: true },
  );
  if (!descent.every) return [carries];
  return Array.from({ length: descent.steps }, (_, k) => ys.map((stacked) => at(b, stacked, k)));
}

/** Cuts a list into parts that are as long as those of `like`. */
function parts<T>(all: readonly T[], like: readonly (readonly unknown[])[]): (readonly T[])[] {
  let from = 0;
  return like.map(({ length }) => all.slice(from, (from += length)));
}
