import { expect } from "vitest";
import { dot, norm, plus, times, type Vector } from "../library/shared-layer.js";

/** What a balancer was given, and what it made of it in the first step. */
export interface Made {
  readonly gradients: readonly Vector[];
  readonly losses: Vector;
  readonly direction: Vector;
  /** What each task's loss was multiplied by. */
  readonly factors: Vector;
}

type Law = (made: Made, tolerance: number) => void;

const unit = (x: Vector) => times(x, 1 / norm(x));
const total = (x: Vector) => x.reduce((sum, a) => sum + a, 0);
const combination = (gradients: readonly Vector[], factors: Vector) =>
  plus(...gradients.map((g, i) => times(g, factors[i]!)));

function small(x: number, by: number, what: string): void {
  expect(Math.abs(x), what).toBeLessThanOrEqual(by);
}

/** Each relative to its own size; what float32 has no more digits for is 0. */
function alike(found: Vector, right: Vector, by: number, what: string): void {
  found.forEach((x, i) =>
    small(x - right[i]!, by * Math.abs(right[i]!) + 1e-36, `${what}: ${found} for ${right}`),
  );
}

/** The direction is Σ factor · gradient. */
function sums({ gradients, direction }: Made, factors: Vector, by: number): void {
  const terms = gradients.map((g, i) => norm(g) * Math.abs(factors[i]!));
  const off = plus(direction, times(combination(gradients, factors), -1));
  small(norm(off) / total(terms), by, "the direction");
}

/** x = Σ c · unit gradient, by elimination in float64. */
function parts(gradients: readonly Vector[], x: Vector): number[] {
  const units = gradients.map(unit);
  const size = units.length;
  const rows = units.map((u) => [...units.map((v) => dot(u, v)), dot(u, x)]);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const by = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((v, j) => v - by * rows[k]![j]!);
    }
  }
  return rows.map((row, k) => row[size]! / row[k]!);
}

/** Shares of a convex combination, from the parts along unit gradients: at least 0. */
function sharesOf({ gradients }: Made, found: Vector, by: number): number[] {
  const largest = Math.max(...found.map(Math.abs));
  for (const x of found) expect(x, `${found}`).toBeGreaterThan(-by * largest);
  return found.map((x, i) => Math.max(0, x) / norm(gradients[i]!));
}

const addUp =
  (by: number): Law =>
  (made, tolerance) =>
    sums(
      made,
      made.gradients.map(() => by),
      tolerance,
    );

const ofFactors =
  (right: (made: Made) => Vector): Law =>
  (made, tolerance) => {
    alike(made.factors, right(made), tolerance, "factors");
    sums(made, made.factors, tolerance);
  };

/** Of two tasks in conflict each loses its part against the other; others are at right angles to both. */
const projected: Law = (made, tolerance) => {
  const factors = made.gradients.map(() => 1);
  for (let i = 0; i + 1 < factors.length; i += 2) {
    const [g, h] = [made.gradients[i]!, made.gradients[i + 1]!];
    const product = dot(g, h);
    if (product >= 0) continue;
    factors[i + 1]! -= product / dot(h, h);
    factors[i]! -= product / dot(g, g);
  }
  sums(made, factors, tolerance);
};

/** The nearest point of the simplex (Held, Wolfe and Crowder 1974). */
function onSimplex(point: Vector): number[] {
  const ranked = point.map((x) => x - Math.max(...point)).sort((x, y) => y - x);
  let sum = 0;
  let level = 0;
  ranked.forEach((x, i) => {
    sum += x;
    if (x > (sum - 1) / (i + 1)) level = (sum - 1) / (i + 1);
  });
  return point.map((x) => Math.max(x - Math.max(...point) - level, 0));
}

/** gradientᵢ · Σ factor · gradient is what it should be, but for what rounding makes of its terms. */
function gains(made: Made, right: (i: number) => number, by: number): void {
  const { gradients, factors } = made;
  sums(made, factors, by);
  gradients.forEach((g, i) => {
    const terms = gradients.map((h, k) => factors[k]! * dot(g, h));
    small((total(terms) - right(i)) / total(terms.map(Math.abs)), by, `what task ${i} gains`);
  });
}

const fair =
  (alpha: number): Law =>
  (made, tolerance) => {
    const { gradients, factors } = made;
    expect(Math.min(...factors)).toBeGreaterThan(0);
    const sizes = factors.map((x, i) => x * norm(gradients[i]!));
    // A share of this kind may be 0 as far as float32 can tell.
    const gone = sizes.map((x) => x < 1e-20 * Math.max(...sizes));
    const gain = (i: number) => dot(gradients[i]!, combination(gradients, factors));
    const products = norm(gradients.flatMap((g) => gradients.map((h) => dot(g, h))));
    gains(made, (i) => (gone[i]! ? gain(i) : products * factors[i]! ** (-1 / alpha)), tolerance);
  };

/** What each balancer's paper says of its first step: weights 1, where states begin, and labels for all tasks. */
export const laws: Readonly<Record<string, Law>> = {
  fixed: addUp(1),
  uncertainty: addUp(0.5),
  imtl_l: addUp(1),
  dwa: ofFactors(({ losses }) => losses.map(() => 1)),
  rlw: (made, tolerance) => {
    small(total(made.factors) / made.factors.length - 1, tolerance, "the sum of the factors");
    expect(Math.min(...made.factors)).toBeGreaterThan(0);
    expect(new Set(made.factors).size).toBe(made.factors.length);
    sums(made, made.factors, tolerance);
  },
  gls: ofFactors(({ losses }) => {
    const count = losses.length;
    const mean = Math.exp(total(losses.map(Math.log)) / count);
    return losses.map((loss) => mean / (count * loss));
  }),
  famo: ofFactors(({ losses }) => {
    const inverse = losses.map((loss) => 1 / loss);
    return inverse.map((x) => x / total(inverse));
  }),
  "gradnorm(on: trunk.*)": ofFactors(({ losses }) => losses.map(() => 1)),
  excess_risk: ofFactors(({ gradients }) => {
    const risks = gradients.map((g) => 0.005 * total(g.map((x) => (x * x) / (Math.abs(x) + 1e-7))));
    const raised = risks.map((x) => Math.exp(x - Math.max(...risks)));
    return raised.map((x) => (gradients.length * x) / total(raised));
  }),
  pcgrad: projected,
  gradvac: projected,
  mgda: (made, tolerance) => {
    const { gradients, direction } = made;
    const size = norm(direction);
    const shares = sharesOf(made, parts(gradients, direction), tolerance);
    small(total(shares) - 1, tolerance, "the sum of the shares");
    // The point of least norm: no task gains less than the direction's own square.
    for (const g of gradients)
      expect(dot(unit(g), direction) - (size * size) / norm(g)).toBeGreaterThan(-tolerance * size);
  },
  moco: (made, tolerance) => {
    const tracked = made.gradients.map((g) => times(g, 0.5));
    const mean = times(plus(...tracked), 1 / tracked.length);
    const moved = onSimplex(tracked.map((y) => 1 / tracked.length - 0.1 * dot(y, mean)));
    sums(
      made,
      moved.map((x) => 0.5 * x),
      tolerance,
    );
  },
  cagrad: (made, tolerance) => {
    const { gradients, direction } = made;
    const mean = times(plus(...gradients), 1 / gradients.length);
    const found = times(direction, 1 / gradients.length);
    const away = plus(found, times(mean, -1));
    const radius = 0.5 * norm(mean);
    small(norm(away) / radius - 1, tolerance, "how far from the mean");
    const rough = sharesOf(made, parts(gradients, away), 10 * tolerance);
    const shares = rough.map((x) => x / total(rough));
    // By duality no direction within the radius does better for its worst task.
    const gained = gradients.map((g) => dot(g, found));
    const worst = Math.min(...gained);
    // What rounding may make of a gain, of the worst task's too.
    const rounded = gradients.map((g) => norm(g) * norm(found));
    const sizes = total(shares.map((w, i) => w * rounded[i]!)) + rounded[gained.indexOf(worst)]!;
    small(total(shares.map((w, i) => w * (gained[i]! - worst))) / sizes, tolerance, "the gap");
  },
  graddrop: ({ gradients, direction }, tolerance) => {
    direction.forEach((x, i) => {
      const all = gradients.map((g) => g[i]!);
      const sides = [all.filter((p) => p > 0), all.filter((p) => p < 0)].map(total);
      const size = total(all.map(Math.abs));
      small(Math.min(...sides.map((s) => Math.abs(x - s))) / size, tolerance, "all of one sign");
    });
  },
  imtl_g: (made, tolerance) => {
    const { gradients, factors } = made;
    small(total(factors) - 1, tolerance * total(factors.map(Math.abs)), "the sum of the shares");
    const projection = dot(unit(gradients[0]!), combination(gradients, factors));
    gains(made, (i) => projection * norm(gradients[i]!), tolerance);
  },
  nash_mtl: (made, tolerance) => {
    const { gradients, factors, direction } = made;
    const products = norm(gradients.flatMap((g) => gradients.map((h) => dot(g, h))));
    gains(made, (i) => products / factors[i]!, tolerance);
    for (const g of gradients) expect(dot(g, direction)).toBeGreaterThan(0);
  },
  "fairgrad(alpha: 1)": fair(1),
  fairgrad: fair(2),
  "fairgrad(alpha: 4)": fair(4),
  aligned_mtl: ({ gradients, direction }, tolerance) => {
    // Of orthogonal gradients each comes to the length of the shortest.
    const least = Math.min(...gradients.map(norm));
    const right = plus(...gradients.map((g) => times(unit(g), least)));
    small(norm(plus(direction, times(right, -1))) / norm(right), tolerance, "the direction");
  },
};
