import { greatest } from "./extremes.js";
import type { StopDescriptor } from "./descriptor.js";
import type { Report } from "./evaluation.js";
import { own } from "./own.js";
import { meanOf } from "./measures.js";
import { metrics as allMetrics } from "./metrics/index.js";

/** The number by which early stopping compares epochs; null where there is none. */
export interface Judged {
  readonly value: number | null;
  /** Whether any measure has a value: an epoch without one counts as neither better nor worse. */
  readonly measured: boolean;
  readonly higherIsBetter: boolean;
}

/**
 * One measure as it is, or several as one number. `references` holds the first value of each measure, with which later ones
 * are compared, and gets the values of measures that are seen for the first time.
 */
export function judged(stop: StopDescriptor, report: Report, references: Map<string, number>): Judged {
  const measured = stop.monitor.some((monitor) => measureOf(monitor, report) !== null);
  const [first, ...others] = stop.monitor;
  if (first !== undefined && others.length === 0) {
    return { value: finite(measureOf(first, report)), measured, higherIsBetter: isBetterHigher(first) };
  }
  const ratios = stop.monitor.flatMap((monitor, i) => {
    const ratio = ratioOf(monitor, measureOf(monitor, report), references);
    return ratio === undefined ? [] : [{ ratio, weight: stop.weights[i]! }];
  });
  return { value: finite(combine[stop.criterion](ratios)), measured, higherIsBetter: false };
}

interface Ratio {
  readonly ratio: number;
  readonly weight: number;
}

const combine: Readonly<Record<StopDescriptor["criterion"], (ratios: readonly Ratio[]) => number>> = {
  mean: (ratios) =>
    ratios.reduce((sum, { ratio, weight }) => sum + weight * ratio, 0) /
    ratios.reduce((sum, { weight }) => sum + weight, 0),
  worst: (ratios) => greatest(ratios.map(({ ratio, weight }) => weight * ratio)),
};

/** Below 1 where the measure has got better; undefined where it has no value, or has had none to compare with. */
function ratioOf(monitor: string, value: number | null, references: Map<string, number>): number | undefined {
  if (value === null) return undefined;
  // A value of 0 or infinity is no reference to divide by; NaN counts as worse than any number.
  if (!references.has(monitor) && value > 0 && value < Infinity) references.set(monitor, value);
  const reference = references.get(monitor);
  if (reference === undefined) return undefined;
  if (!isBetterHigher(monitor)) return Number.isNaN(value) ? Infinity : value / reference;
  return value > 0 ? reference / value : Infinity;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** `validation.loss`, `validation.TASK.loss` or `validation.TASK.METRIC`. */
function measureOf(monitor: string, report: Report): number | null {
  const [, task, measure] = monitor.split(".");
  if (task === undefined || measure === undefined) {
    return Object.values(report.losses).every((loss) => loss === null) ? null : report.loss;
  }
  const metric = own(own(report.metrics, task) ?? {}, measure);
  return measure === "loss" && metric === undefined ? (own(report.losses, task) ?? null) : meanOf(metric);
}

function isBetterHigher(monitor: string): boolean {
  const measure = monitor.split(".")[2];
  return allMetrics.find((m) => m.name === measure)?.better === "higher";
}
