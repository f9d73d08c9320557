import type { MetaDescriptor, ModelDescriptor } from "../descriptor.js";
import { InputError } from "../errors.js";
import { families, type Family, type Uniform } from "../families/index.js";
import type { OptionValues } from "../parameter.js";
import { randomUniform } from "../random.js";
import type { ModelTypes, OpenTypes } from "../types.js";

/** Random streams of episodes, one for training and one for evaluation. */
const STREAMS = { train: 0x6d657461, test: 0x74657374 } as const;

/** Rows as `fit` takes them. */
export interface TaskRows<T extends ModelTypes = OpenTypes> {
  readonly inputs: T["inputs"];
  readonly labels: T["labels"];
}

/** A task: rows to adapt on, and other rows to be judged by. */
export interface Episode<T extends ModelTypes = OpenTypes> {
  readonly support: TaskRows<T>;
  readonly query: TaskRows<T>;
  /** For each class index its index among the classes of training; `supervised` needs it, as classes are drawn anew. */
  readonly classes?: readonly number[];
}

/** Draws a task from uniform numbers, which the task's number in training or evaluation determines. */
export type DrawEpisode<T extends ModelTypes = OpenTypes> = (
  uniform: Uniform,
  sizes: Pick<MetaDescriptor, "support" | "query">,
) => Episode<T>;

/** The family that the spec names, as episodes. */
export function familyEpisodes(descriptor: ModelDescriptor): DrawEpisode {
  const used = descriptor.meta?.tasks;
  if (!used) {
    throw new InputError("the spec names no `tasks`; give `draw`, a function that makes a task's rows.");
  }
  const family = families.find(({ name }) => name === used.name);
  if (!family) throw new Error(`there is no family ${used.name}`);
  const [input] = descriptor.inputs;
  const [task] = descriptor.tasks;
  if (!input || !task) throw new Error("a family's rows are of an input and a task");
  return (uniform, { support, query }) => {
    const label = family.draw(uniform, used.options);
    const rows = (count: number): TaskRows => {
      const x = Float64Array.from({ length: count }, () => place(family, used.options, uniform));
      return { inputs: { [input.name]: x }, labels: { [task.name]: x.map(label) } };
    };
    return { support: rows(support), query: rows(query) };
  };
}

function place(family: Family, options: OptionValues, uniform: Uniform): number {
  const [from, to] = family.domain(options);
  return from + uniform() * (to - from);
}

/** Uniform numbers of the task of this number, the same each time. */
export function uniformOf(seed: number, part: keyof typeof STREAMS, task: number): Uniform {
  const BLOCK = 64;
  let drawn: Float32Array = new Float32Array();
  let at = 0;
  let block = 0;
  return () => {
    if (at === drawn.length) {
      drawn = randomUniform(seed, STREAMS[part] + block, task, BLOCK);
      block++;
      at = 0;
    }
    return drawn[at++]!;
  };
}
