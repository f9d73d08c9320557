import type { ModelDescriptor } from "../descriptor.js";
import type { Report } from "../evaluation.js";
import { meanOf } from "../measures.js";
import { summarize, type Spread } from "./statistics.js";

/** Collects losses and metrics of tasks' queries, one task after the other. */
export class TaskMeasures {
  readonly #losses: number[] = [];
  readonly #metrics = new Map<string, number[]>();

  add({ loss, metrics }: Report): void {
    this.#losses.push(loss);
    for (const [task, values] of Object.entries(metrics))
      for (const [metric, value] of Object.entries(values)) {
        const key = `${task}.${metric}`;
        const found = this.#metrics.get(key) ?? [];
        found.push(meanOf(value) ?? Number.NaN);
        this.#metrics.set(key, found);
      }
  }

  get loss(): Spread {
    return summarize(this.#losses);
  }

  /** The metrics' statistics by the names of tasks and metrics. */
  metricsOf({ tasks }: Pick<ModelDescriptor, "tasks">): Record<string, Record<string, Spread>> {
    const ofTask = tasks.map(({ name: task, metrics }) => {
      const spreads = metrics.map(({ name }) => [
        name,
        summarize(this.#metrics.get(`${task}.${name}`) ?? []),
      ]);
      return [task, Object.fromEntries(spreads)];
    });
    return Object.fromEntries(ofTask);
  }
}
