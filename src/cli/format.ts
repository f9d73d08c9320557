import { printable } from "../diagnostics/printable.js";
import type { Report } from "../runtime/index.js";
import { meanOf } from "../runtime/measures.js";

/** Four significant digits, `–` where there is no value. */
export function showNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** Columns of text, padded; numbers stand right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `species accuracy 0.98, mass mae 270`. */
export function showMetrics(metrics: Report["metrics"]): string {
  return Object.entries(metrics)
    .flatMap(([task, values]) =>
      Object.entries(values).map(([name, value]) => `${task} ${name} ${showNumber(meanOf(value))}`),
    )
    .join(", ");
}

export function showLosses(losses: Readonly<Record<string, number | null>>): string {
  return Object.entries(losses)
    .map(([task, loss]) => `${task} ${showNumber(loss)}`)
    .join(", ");
}

/** The tasks' losses and metrics, a line a task. */
export function reportTable(report: Report): string {
  const rows = Object.entries(report.losses).map(([task, loss]) => {
    const metrics = Object.entries(report.metrics[task] ?? {}).map(
      ([name, value]) => `${name} ${showNumber(meanOf(value))}`,
    );
    return [[task, `loss ${showNumber(loss)}`, ...metrics], ...columnRows(report.metrics[task] ?? {})];
  });
  return table(rows.flat());
}

/** More columns than these are not shown, but for their mean. */
const MOST_COLUMNS = 20;

/** A line for each column of a label that has several. */
function columnRows(metrics: Report["metrics"][string]): string[][] {
  const columns = Object.values(metrics).flatMap((value) =>
    value !== null && typeof value === "object" ? [value.columns] : [],
  );
  const names = Object.keys(columns[0] ?? {});
  if (names.length > MOST_COLUMNS) return [];
  return names.map((name) => [
    `  ${printable(name)}`,
    "",
    ...Object.keys(metrics).map((metric, i) => `${metric} ${showNumber(columns[i]?.[name])}`),
  ]);
}
