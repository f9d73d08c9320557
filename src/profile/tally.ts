import type { SharedGroup } from "../model/shared.js";
import type { TaskDocument } from "../document/types.js";
import { names } from "../phases/5-lower/names.js";
import { resultOf, type PreparedCall } from "../runtime/session.js";

/** How the gradients of two tasks stand to each other, over the steps in which both have labels. */
export interface PairReport {
  readonly tasks: readonly [string, string];
  readonly steps: number;
  /** The mean cosine; null where a gradient has always been 0. */
  readonly cosine: number | null;
  /** The share of the steps with a cosine below 0. */
  readonly conflicts: number | null;
}

export interface GroupReport {
  readonly weights: string;
  readonly parameters: number;
  /** The mean norm of each task's gradient, times its static weight; null for a task without labels. */
  readonly norms: Readonly<Record<string, number | null>>;
  readonly pairs: readonly PairReport[];
  readonly layers: readonly LayerReport[];
}

export interface LayerReport {
  readonly weights: string;
  readonly pairs: readonly PairReport[];
}

/** A cosine this close below 0 may come from rounding, and is no conflict. */
const ROUNDING = 1e-6;

/** Adds up what the steps of a training show. */
export function createTally(tasks: readonly TaskDocument[], groups: readonly SharedGroup[]) {
  const counted = groups.map((group) => {
    const reached = tasks.flatMap((task, index) =>
      group.tasks.includes(task.name) ? [{ task, index }] : [],
    );
    const layers = group.layers.map(({ path }) => ({ path, sums: createSums(tasks.length, reached) }));
    return { group, layers, sums: createSums(tasks.length, reached) };
  });
  let steps = 0;
  return {
    see(results: PreparedCall["results"]): void {
      steps++;
      const present = tasks.map(({ name }) => (results[names.count(name)]?.[0] ?? 1) > 0);
      for (const { layers, sums } of counted) {
        const total = new Float64Array(tasks.length ** 2);
        for (const layer of layers) {
          const gram = resultOf({ results }, names.gram(layer.path));
          for (let i = 0; i < total.length; i++) total[i]! += gram[i]!;
          layer.sums.add(gram, present);
        }
        sums.add(total, present);
      }
    },
    steps: () => steps,
    report: (): GroupReport[] =>
      counted.map(({ group, layers, sums }) => ({
        weights: group.pattern,
        parameters: group.parameters,
        norms: sums.norms(),
        pairs: sums.pairs(),
        layers: layers.map(({ path, sums: own }) => ({ weights: path, pairs: own.pairs() })),
      })),
  };
}

/** A task and its place among all. */
interface Reached {
  readonly task: TaskDocument;
  readonly index: number;
}

/** Sums over steps for the tasks that reach some weights; `size` is the number of all tasks. */
function createSums(size: number, reached: readonly Reached[]) {
  const norms = reached.map((own) => ({ ...own, sum: 0, steps: 0 }));
  const pairs = reached.flatMap((first, i) =>
    reached
      .slice(i + 1)
      .map((second) => ({ first, second, steps: 0, cosines: 0, measured: 0, conflicts: 0 })),
  );
  return {
    add(gram: ArrayLike<number>, present: readonly boolean[]): void {
      const at = (i: number, j: number) => gram[i * size + j]!;
      for (const norm of norms) {
        if (!present[norm.index]) continue;
        norm.steps++;
        norm.sum += norm.task.weight * Math.sqrt(at(norm.index, norm.index));
      }
      for (const pair of pairs) {
        const [first, second] = [pair.first.index, pair.second.index];
        if (!present[first] || !present[second]) continue;
        pair.steps++;
        const cosine = at(first, second) / Math.sqrt(at(first, first) * at(second, second));
        if (!Number.isFinite(cosine)) continue;
        pair.measured++;
        pair.cosines += cosine;
        if (cosine < -ROUNDING) pair.conflicts++;
      }
    },
    norms: () =>
      Object.fromEntries(norms.map(({ task, sum, steps }) => [task.name, steps > 0 ? sum / steps : null])),
    pairs: () =>
      pairs.map(({ first, second, steps, cosines, measured, conflicts }): PairReport => ({
        tasks: [first.task.name, second.task.name],
        steps,
        cosine: measured > 0 ? cosines / measured : null,
        conflicts: steps > 0 ? conflicts / steps : null,
      })),
  };
}
