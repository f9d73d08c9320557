import type { OptionValues } from "../parameter.js";
import { transforms, type Column, type Transform, type TransformState } from "./index.js";

/** One stage of a chain as the spec has it. */
export interface Stage {
  readonly name: string;
  readonly options: OptionValues;
}

/** A stage that knows its training part. Plain JSON: checkpoints hold a list of them. */
export interface FittedStage extends Stage {
  readonly state: TransformState;
}

/**
 * Why these stages cannot stand in this order, or undefined if they can. An indicator after `impute` would be 0
 * everywhere, and a second one would say the same as the first.
 */
export function orderProblem(names: readonly string[]): string | undefined {
  const indicator = names.indexOf("missing_indicator");
  if (indicator === -1) return undefined;
  if (names.lastIndexOf("missing_indicator") !== indicator) return "missing_indicator can stand only once";
  const imputation = names.indexOf("impute");
  if (imputation !== -1 && imputation < indicator) return "missing_indicator must stand before impute";
  return undefined;
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

/** Applies fitted stages; indicator columns are set aside where they are made and come last. */
export function applyChain(stages: readonly FittedStage[], columns: readonly Column[]): Column[] {
  let values = [...columns];
  const indicators: Column[] = [];
  for (const { name, options, state } of stages) {
    const transform = find(name);
    const changed = transform.apply(values, state, options);
    if (transform.columns === "appends") indicators.push(...changed.slice(values.length));
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

/** How many columns come out for so many that go in. */
export function chainWidth(names: readonly string[], columns: number): number {
  return names.includes("missing_indicator") ? 2 * columns : columns;
}

function find(name: string): Transform {
  const found = transforms.find((t) => t.name === name);
  if (found === undefined) throw new RangeError(`there is no transform ${name}`);
  return found;
}
