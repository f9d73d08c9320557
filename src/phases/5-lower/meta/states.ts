import type { AlgorithmContext } from "../../../library/meta-entry.js";
import { ops, type Builder, type Value } from "../../../tensor/index.js";
import { isGradient } from "../../../model/adapting.js";
import { names } from "../names.js";
import { clockByName, type Clock } from "../schedules.js";
import type { Resolve } from "./passes.js";
import type { MetaPlan } from "./plan.js";

interface Stored {
  readonly path: string;
  readonly shape: readonly number[];
}

export function readState(b: Builder, { path, shape }: Stored): Value {
  return b.state(path, { dtype: "float", shape });
}

export function readStates(b: Builder, all: readonly Stored[]): ReadonlyMap<string, Value> {
  return new Map(all.map((entry) => [entry.path, readState(b, entry)]));
}

/** The argument of an episode's part. */
export function rowsOf(b: Builder, part: "support" | "query"): Resolve {
  return (name, type) => b.argument(`${part}/${name}`, type);
}

/** Weights and library state by their paths; clock and rows by their own names, rows with a prefix. */
export function resolver(b: Builder, plan: MetaPlan, clock: Clock, part: "support" | "query"): Resolve {
  const { weights, state } = plan.model;
  const known = new Map([...weights, ...state].map((entry) => [entry.path, entry]));
  const rows = rowsOf(b, part);
  const ofClock = clockByName(clock);
  return (name, type) => {
    const entry = known.get(name);
    return entry ? readState(b, entry) : (ofClock.get(name) ?? rows(name, type));
  };
}

/** The same resolver, but with these values for some names. */
export function instead(resolve: Resolve, values: ReadonlyMap<string, Value>): Resolve {
  return (name, type) => values.get(name) ?? resolve(name, type);
}

/** The values that a task's adapting weights start at: the model's weights, or 0 for a context. */
export function beginnings(b: Builder, { adapting, algorithm }: MetaPlan): Value[] {
  const context = isGradient(algorithm) && algorithm.adapts === "context";
  return adapting.map((weight) => (context ? ops.zeros(b, weight.shape) : readState(b, weight)));
}

/** States that a task leaves beside its adapted weights: what a metric algorithm keeps, and the support's statistics. */
export function keptStates(plan: MetaPlan): readonly (Stored & { readonly initial: number })[] {
  const { algorithm, own, model, norm } = plan;
  const kept = isGradient(algorithm) ? [] : algorithm.kept(own).map((entry) => ({ ...entry, initial: 0 }));
  const statistics = norm === "support" ? model.state : [];
  return [...kept, ...statistics].map((entry) => ({ ...entry, path: names.adapted(entry.path) }));
}

/** The part of the context that all algorithms share. */
export function algorithmContext(b: Builder, { options, learned }: MetaPlan): AlgorithmContext {
  const byPath = new Map(learned.map((spec) => [spec.path, spec]));
  return {
    b,
    options,
    learned: (path) => {
      const spec = byPath.get(path);
      if (!spec) throw new Error(`nothing is learned as ${path}`);
      return readState(b, spec);
    },
  };
}
