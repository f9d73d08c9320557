import type { OptionValues } from "../parameter.js";
import { transforms, type Column, type Transform, type TransformState } from "./index.js";

/** One stage of a chain as the spec has it. */
export interface Stage {
  readonly name: string;
  readonly options: OptionValues;
}

/** A stage fitted on the training part. Plain JSON: checkpoints hold a list of them. */
export interface FittedStage extends Stage {
  readonly state: TransformState;
}

/**
 * Why these stages cannot stand in this order, or undefined if they can. Indicators of missing values would be 0 everywhere after
 * a stage that fills gaps, and a second set of them would equal the first.
 */
export function orderProblem(names: readonly string[]): string | undefined {
  const marks = names.filter((name) => find(name).gaps === "marks");
  const [mark] = marks;
  if (mark === undefined) return undefined;
  if (marks.length > 1) return `${mark} can stand only once`;
  const fill = names.slice(0, names.indexOf(mark)).find((name) => find(name).gaps === "fills");
  return fill === undefined ? undefined : `${mark} must stand before ${fill}`;
}

/** Fits the stages one after the other on the training part. */
export function fitChain(stages: readonly Stage[], columns: readonly Column[]): FittedStage[] {
  let values = [...columns];
  return stages.map(({ name, options }) => {
    const transform = find(name);
    const state = transform.fit(values, options);
    if (transform.columns === "keeps") values = transform.apply(values, state, options);
    return { name, options, state };
  });
}

/** Applies fitted stages; indicator columns skip all later stages and are appended at the end. */
export function applyChain(stages: readonly FittedStage[], columns: readonly Column[]): Column[] {
  let values = [...columns];
  const indicators: Column[] = [];
  for (const { name, options, state } of stages) {
    const transform = find(name);
    const changed = transform.apply(values, state, options);
    if (transform.columns === "appends")
      for (const each of changed.slice(values.length)) indicators.push(each);
    else values = changed;
  }
  return [...values, ...indicators];
}

/** Back to original units, last stage first. Indicator columns must not be among the columns. */
export function invertChain(stages: readonly FittedStage[], columns: readonly Column[]): Column[] {
  let values = [...columns];
  for (const { name, options, state } of stages.toReversed()) {
    const { inverse } = find(name);
    if (inverse.kind !== "identity") values = inverse.columns(values, state, options);
  }
  return values;
}

/** The names of what a transform's state holds. */
export function quantitiesOf(name: string): readonly string[] {
  return find(name).quantities;
}

/** Whether a stage puts values in the place of missing ones. */
export function fillsGaps(names: readonly string[]): boolean {
  return names.some((name) => find(name).gaps === "fills");
}

/** How many columns come out for so many that go in. */
export function chainWidth(names: readonly string[], columns: number): number {
  return names.some((name) => find(name).columns === "appends") ? 2 * columns : columns;
}

function find(name: string): Transform {
  const found = transforms.find((t) => t.name === name);
  if (found === undefined) throw new RangeError(`there is no transform ${name}`);
  return found;
}
