import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import type { SplitEntry } from "../library/entry.js";
import { randomBits } from "../runtime/random.js";
import type { Span } from "../source/index.js";
import { apportion } from "./apportion.js";
import { inCell } from "./columns.js";
import { shortened } from "./problem.js";
import type { CellPlace } from "./shown.js";

/** How rows are dealt out; the values are those of a column, one per row. */
export type SplitBy =
  | { readonly deals: "chance" }
  | {
      readonly deals: Exclude<SplitEntry["deals"], "chance" | "order">;
      readonly values: readonly (string | number)[];
      /** Where a row's value stands. */
      readonly cell?: (row: number) => { readonly place: string; readonly at: CellPlace };
    }
  | { readonly deals: "order"; readonly values: readonly number[] };

export interface SplitRequest {
  /** Shares of the rows, which sum to 1; a part without one is empty, and none is given where a column says each row's part. */
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
  readonly by: SplitBy;
  /** The split's own seed. */
  readonly seed: number;
}

export type PartName = "train" | "validation" | "test";

/** The rows of each part, in ascending order. */
export type SplitParts = Readonly<Record<PartName, Int32Array>>;

export const partNames: readonly PartName[] = ["train", "validation", "test"];
/** Keeps the split's random numbers apart from all others of the same seed. */
const stream = 0x73706c69;
const strataStream = 0x73747261;

/** Deals the rows out. The same request gives the same parts, on every machine. */
export function splitRows(
  count: number,
  request: SplitRequest,
  span: Span,
): { readonly value: SplitParts | undefined; readonly diagnostics: Diagnostic[] } {
  const refuse = (d: Diagnostic): ReturnType<typeof splitRows> => ({ value: undefined, diagnostics: [d] });
  const { by } = request;
  if (by.deals === "given") {
    const unknown = by.values.findIndex((v) => !partNames.some((name) => name === v));
    if (unknown !== -1) {
      const value = shortened(String(by.values[unknown]));
      const { place, at } = by.cell?.(unknown) ?? { place: `row ${unknown + 1}`, at: { span, related: [] } };
      return refuse(inCell("NN7018", at, { value, place }));
    }
    const parts = collect(count, (row) => partNames.findIndex((name) => name === by.values[row]));
    return parts.train.length === 0
      ? refuse(diagnostic("NN7017", span, { part: "train", rows: count }))
      : { value: parts, diagnostics: [] };
  }
  const shares = partNames.map((name) => request[name] ?? 0);
  const reason = badShares(shares);
  if (reason !== undefined) return refuse(diagnostic("NN7016", span, { reason }));
  const parts = deal(count, shares, by, request.seed);
  const empty = partNames.find((name, i) => shares[i]! > 0 && parts[name].length === 0);
  if (empty !== undefined) return refuse(diagnostic("NN7017", span, { part: empty, rows: count }));
  return { value: parts, diagnostics: [] };
}

function badShares(shares: readonly number[]): string | undefined {
  if (!shares.every((s) => s >= 0 && s <= 1)) return "each share is a number from 0 to 1";
  if (shares[0] === 0) return "the train part needs a share";
  const sum = shares.reduce((a, b) => a + b, 0);
  return Math.abs(sum - 1) > 1e-9 ? `the shares sum to ${Number(sum.toFixed(6))}, not to 1` : undefined;
}

function deal(count: number, shares: readonly number[], by: SplitBy, seed: number): SplitParts {
  const part = new Uint8Array(count);
  if (by.deals === "chance") {
    assign(part, shuffled(count, seed), shares);
  } else if (by.deals === "order") {
    const { values } = by;
    // Ties stay in the order of the file.
    assign(
      part,
      rowsOf(count).sort((a, b) => values[a]! - values[b]! || a - b),
      shares,
    );
  } else if (by.deals === "evenly") {
    assignStrata(part, groups(shuffled(count, seed), by.values), shares, seed);
  } else {
    assignGroups(part, groups(shuffled(count, seed), by.values), shares);
  }
  return collect(count, (row) => part[row]!);
}

/** The first rows to the first part, and so on; sizes are rounded so that they add up. */
function assign(part: Uint8Array, order: ArrayLike<number>, shares: readonly number[]): void {
  let bound = 0;
  let at = 0;
  shares.forEach((share, p) => {
    bound += share;
    const end = p === shares.length - 1 ? order.length : Math.round(bound * order.length);
    for (; at < end; at++) part[order[at]!] = p;
  });
}

/** Deals each stratum's rows, which come in random order, to the parts by `apportion`. */
function assignStrata(
  part: Uint8Array,
  strata: readonly (readonly number[])[],
  shares: readonly number[],
  seed: number,
): void {
  const sizes = strata.map((rows) => rows.length);
  apportion(sizes, shares, { seed, stream: strataStream }).forEach((counts, s) => {
    let at = 0;
    counts.forEach((count, p) => {
      for (const end = at + count; at < end; at++) part[strata[s]![at]!] = p;
    });
  });
}

/** Whole groups, each to the part that lacks most rows. */
function assignGroups(
  part: Uint8Array,
  all: readonly (readonly number[])[],
  shares: readonly number[],
): void {
  const given = shares.map(() => 0);
  for (const group of all) {
    const p = largest(
      shares.map((s, i) => s * part.length - given[i]!),
      shares,
    );
    given[p]! += group.length;
    for (const row of group) part[row] = p;
  }
}

/** The index of the largest value among the parts that have a share. */
function largest(values: readonly number[], shares: readonly number[]): number {
  let best = 0;
  values.forEach((v, i) => {
    if (shares[i]! > 0 && v > values[best]!) best = i;
  });
  return best;
}

/** Groups rows of equal value; groups and their rows keep the order that is given. */
function groups(order: ArrayLike<number>, values: readonly (string | number)[]): number[][] {
  const found = new Map<string | number, number[]>();
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const group = found.get(values[row]!);
    if (group === undefined) found.set(values[row]!, [row]);
    else group.push(row);
  }
  return [...found.values()];
}

function collect(count: number, partOf: (row: number) => number): SplitParts {
  const rows: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < count; row++) rows[partOf(row)]!.push(row);
  const [train, validation, test] = rows;
  return {
    train: Int32Array.from(train),
    validation: Int32Array.from(validation),
    test: Int32Array.from(test),
  };
}

function rowsOf(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** Fisher and Yates, with 53 random bits per choice. */
function shuffled(count: number, seed: number): Int32Array {
  const order = rowsOf(count);
  const bits = randomBits(seed, stream, 0, 2 * count);
  for (let i = count - 1; i > 0; i--) {
    const uniform = (bits[2 * i]! * 2 ** 21 + (bits[2 * i + 1]! >>> 11)) * 2 ** -53;
    const j = Math.floor(uniform * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
