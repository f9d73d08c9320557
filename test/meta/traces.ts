import { readFileSync } from "node:fs";
import { createSession, type EngineName } from "../../src/engines/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { lowerMeta } from "../../src/phases/5-lower/meta/programs.js";
import type { Session } from "../../src/runtime/session.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { compiled } from "../helpers.js";

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface Rows {
  readonly inputs: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly labels: Readonly<Record<string, readonly number[]>>;
}

/** One task of a meta-step, and the query's loss after adaptation. */
interface Episode {
  readonly support: Rows;
  readonly query: Rows;
  readonly loss: number;
  /** The episode's classes among those of training. */
  readonly classes?: readonly number[];
}

/** Five meta-steps and one adaptation after them; test/golden/trace_meta.py and trace_episodes.py wrote them. */
export interface MetaTrace {
  readonly name: string;
  readonly spec: string;
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly steps: readonly (readonly Episode[])[];
  /** Learned rates are among them. */
  readonly finalWeights: Readonly<Record<string, Tensor>>;
  readonly adaptation: {
    readonly support: Rows;
    readonly query: Rows;
    /** The query's sums of losses and predictions after so many inner steps. */
    readonly after: readonly {
      readonly steps: number;
      readonly sums: Readonly<Record<string, number>>;
      readonly predictions: Readonly<Record<string, readonly number[]>>;
    }[];
  };
}

export function metaTraces(file: "meta" | "episodes"): MetaTrace[] {
  const text = readFileSync(new URL(`../golden/${file}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: MetaTrace[] }).cases;
}

const scalar = (value: number, dtype: "float" | "int" = "float"): HostTensor => ({
  dtype,
  shape: [],
  data: dtype === "int" ? Int32Array.of(value) : Float64Array.of(value),
});

const clockAt = (step: number, steps: number) => ({
  "clock/seed": scalar(0, "int"),
  "clock/step": scalar(step, "int"),
  "clock/total_steps": scalar(steps),
  "clock/epoch": scalar(0),
  "clock/schedule_step": scalar(step),
  "clock/schedule_epoch": scalar(0),
  "clock/lr": scalar(-1),
});

/** A spec's programs on an engine, as whoever trains them calls them. */
export class MetaRun {
  private constructor(
    readonly session: Session,
    readonly weights: readonly string[],
    private readonly integers: ReadonlySet<string>,
    private readonly wanted: ReadonlyMap<string, ReadonlySet<string>>,
    private readonly totalSteps: number,
  ) {}

  /** Begins at these weights; what is learned beside them begins as the library says. */
  static async start(
    spec: string,
    engine: EngineName,
    weights: Readonly<Record<string, Tensor>>,
  ): Promise<MetaRun> {
    const { document } = compiled(spec);
    const meta = document.meta!;
    const programs = lowerMeta(new ModelAnalysis({ ...document, meta }));
    const session = await createSession(engine, { ...programs });
    await session.run("init", { "clock/seed": scalar(0, "int") }, 1);
    for (const [path, { shape, data }] of Object.entries(weights))
      session.write(path, { dtype: "float", shape, data: Float64Array.from(data) });
    const integers = document.tasks.filter((task) => task.label.base === "category").map((task) => task.name);
    const wanted = new Map(
      Object.entries(programs).map(([name, { inputs }]) => [
        name,
        new Set(inputs.map((input) => input.name)),
      ]),
    );
    const paths = new ModelAnalysis(document).weights.map(({ path }) => path);
    return new MetaRun(session, paths, new Set(integers), wanted, meta.settings["steps"] as number);
  }

  private rows({ inputs, labels }: Rows, prefix: string): Record<string, HostTensor> {
    const tensors: Record<string, HostTensor> = {};
    for (const [name, values] of Object.entries(inputs)) {
      const shape = [values.length, values[0]!.length];
      tensors[`${prefix}inputs/${name}`] = { dtype: "float", shape, data: Float64Array.from(values.flat()) };
    }
    for (const [task, values] of Object.entries(labels)) {
      const isInt = this.integers.has(task);
      const data = isInt ? Int32Array.from(values) : Float64Array.from(values);
      tensors[`${prefix}labels/${task}`] = { dtype: isInt ? "int" : "float", shape: [values.length], data };
    }
    return tensors;
  }

  /** One meta-step; gives the tasks' query losses. */
  async metaStep(step: number, episodes: readonly Omit<Episode, "loss">[]): Promise<number[]> {
    const losses: number[] = [];
    for (const [task, episode] of episodes.entries()) losses.push(await this.look(step, episode, task));
    await this.session.run(
      "update",
      { ...clockAt(step, this.totalSteps), "clock/rows": scalar(episodes.length) },
      1,
    );
    return losses;
  }

  /** One task of a meta-step. */
  async look(
    step: number,
    { support, query, classes = [] }: Omit<Episode, "loss">,
    task = 0,
  ): Promise<number> {
    const args = {
      ...clockAt(step, this.totalSteps),
      ...this.rows(support, "support/"),
      ...this.rows(query, "query/"),
      "episode/task": scalar(task, "int"),
      "episode/classes": { dtype: "int", shape: [classes.length], data: Int32Array.from(classes) } as const,
    };
    const results = await this.session.run("gradients", this.only("gradients", args), 1);
    return results["loss/query"]!.data[0]!;
  }

  /** One task's meta-gradients by the trained weights' paths. */
  async gradients(step: number, episode: Omit<Episode, "loss">): Promise<Record<string, Float64Array>> {
    const waiting = this.session.stateNames().filter((name) => name.endsWith("/gradient"));
    for (const name of waiting) {
      const { dtype, shape, data } = this.session.read(name);
      this.session.write(name, { dtype, shape, data: data.map(() => 0) });
    }
    await this.look(step, episode);
    return Object.fromEntries(
      waiting.map((name) => [name.replace("/gradient", ""), Float64Array.from(this.session.read(name).data)]),
    );
  }

  async begin(): Promise<void> {
    await this.session.run("begin", {}, 1);
  }

  /** One step of adaptation; `inner` counts from 0. */
  async adapt(inner: number, support: Rows): Promise<void> {
    const args = { ...clockAt(0, this.totalSteps), ...this.rows(support, "support/") };
    const step = { "episode/inner_step": { dtype: "int", shape: [1], data: Int32Array.of(inner) } as const };
    await this.session.run("adapt", this.only("adapt", { ...args, ...step }), count(support));
  }

  /** What is kept of a support beside adapted weights. */
  async keep(support: Rows): Promise<void> {
    if (!this.wanted.has("keep")) return;
    const args = { ...clockAt(0, this.totalSteps), ...this.rows(support, "support/") };
    await this.session.run("keep", this.only("keep", args), count(support));
  }

  /** The arguments that a program takes. */
  private only(program: string, args: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
    const wanted = this.wanted.get(program)!;
    return Object.fromEntries(Object.entries(args).filter(([name]) => wanted.has(name)));
  }

  /** Predictions of the adapted model. */
  async predict(query: Rows): Promise<Record<string, ArrayLike<number>>> {
    const args = { ...clockAt(0, this.totalSteps), ...this.rows({ ...query, labels: {} }, "") };
    const results = await this.session.run("predict", args, count(query));
    return stripped(results, "prediction/");
  }

  /** Sums of losses, counts and predictions of the adapted model. */
  async evaluate(query: Rows) {
    const args = { ...clockAt(0, this.totalSteps), ...this.rows(query, "") };
    const results = await this.session.run("evaluate", args, count(query));
    return {
      sums: stripped(results, "sum/"),
      counts: stripped(results, "count/"),
      predictions: stripped(results, "prediction/"),
    };
  }

  dispose(): void {
    this.session.dispose();
  }
}

function count({ inputs }: Rows): number {
  return Object.values(inputs)[0]!.length;
}

function stripped(results: Readonly<Record<string, HostTensor>>, prefix: string) {
  const found: Record<string, ArrayLike<number>> = {};
  for (const [name, { data }] of Object.entries(results))
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = data;
  return found;
}
