import { least } from "../runtime/extremes.js";
import { randomUniform } from "../runtime/random.js";

/** How many random numbers are drawn at once. */
const DRAWN = 1024;
/** Numbers this close to a whole one count as whole, since shares are no exact binary fractions. */
const NEAR = 1e-9;

/**
 * How many of each stratum's rows go to each part: the exact share rounded up or down, and so are the sums over the strata.
 * Cox's unbiased controlled rounding (JASA 82, 1987): along a cycle of cells with fractions, every other one is raised and
 * the rest lowered until one is whole; chance decides which, so that every row is equally likely to be in a part.
 */
export function apportion(
  strata: readonly number[],
  shares: readonly number[],
  random: { readonly seed: number; readonly stream: number },
): number[][] {
  const sum = shares.reduce((a, b) => a + b, 0);
  const cells = strata.map((size) => shares.map((share) => settled((size * share) / sum)));
  const uniform = uniforms(random);
  let active: number[][] = [];
  for (const row of [...cells, remainder(cells, shares.length)]) {
    active.push(row);
    for (let cycle = findCycle(active); cycle; cycle = findCycle(active)) {
      rotate(cycle, uniform());
      active = active.filter((r) => r.some(isFraction));
    }
  }
  return cells.map((row) => row.map(Math.round));
}

/** A last row of cells that makes each part's sum whole. */
function remainder(cells: readonly (readonly number[])[], parts: number): number[] {
  return Array.from({ length: parts }, (_, p) => {
    const total = settled(cells.reduce((sum, row) => sum + (row[p]! % 1), 0));
    return settled(Math.ceil(total) - total);
  });
}

function settled(x: number): number {
  const whole = Math.round(x);
  return Math.abs(x - whole) < NEAR ? whole : x;
}

function isFraction(x: number): boolean {
  return x !== Math.floor(x);
}

interface Cell {
  readonly row: number[];
  readonly part: number;
}

/** A closed path over cells with fractions, which goes along a row and along a column in turns. */
function findCycle(rows: readonly number[][]): Cell[] | undefined {
  for (const row of rows) {
    for (const [part, x] of row.entries()) {
      const cell = { row, part };
      const cycle = isFraction(x) ? closed(rows, [cell], cell, part) : undefined;
      if (cycle) return cycle;
    }
  }
  return undefined;
}

/** Extends a path along the last cell's row and then along a column, again and again, until it is back in the first column. */
function closed(
  rows: readonly number[][],
  path: readonly Cell[],
  { row, part: here }: Cell,
  first: number,
): Cell[] | undefined {
  const visited = new Set(path.map((cell) => cell.part));
  for (const [part, x] of row.entries()) {
    if (!isFraction(x) || part === here) continue;
    if (part === first && path.length > 1) return [...path, { row, part }];
    if (visited.has(part)) continue;
    for (const other of rows) {
      if (path.some((cell) => cell.row === other) || !isFraction(other[part]!)) continue;
      const last = { row: other, part };
      const found = closed(rows, [...path, { row, part }, last], last, first);
      if (found) return found;
    }
  }
  return undefined;
}

function rotate(cycle: readonly Cell[], uniform: number): void {
  const raised = cycle.filter((_, i) => i % 2 === 0);
  const lowered = cycle.filter((_, i) => i % 2 === 1);
  const room = (up: readonly Cell[], down: readonly Cell[]) =>
    least([
      ...up.map(({ row, part }) => Math.ceil(row[part]!) - row[part]!),
      ...down.map(({ row, part }) => row[part]! - Math.floor(row[part]!)),
    ]);
  const [forth, back] = [room(raised, lowered), room(lowered, raised)];
  const by = uniform * (forth + back) < back ? forth : -back;
  for (const { row, part } of raised) row[part] = settled(row[part]! + by);
  for (const { row, part } of lowered) row[part] = settled(row[part]! - by);
}

function uniforms({ seed, stream }: { readonly seed: number; readonly stream: number }): () => number {
  let drawn: Float32Array = new Float32Array();
  let next = 0;
  return () => {
    if (next % DRAWN === 0) drawn = randomUniform(seed, stream, next / DRAWN, DRAWN);
    return drawn[next++ % DRAWN]!;
  };
}
