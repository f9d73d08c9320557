import { Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

// Counts are exact only where V8 keeps all code, counts from the first call on, and compiles nothing that counts less.
for (const flag of ["--no-flush-bytecode", "--no-lazy-feedback-allocation", "--no-sparkplug", "--no-opt"])
  setFlagsFromString(flag);

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/**
 * How many blocks of our own code a piece of work runs, by function, as V8 counts them for coverage: a measure that is the
 * same on every machine. What a native function goes through (`includes`, `slice`, `sort`) is not in it.
 */
function blocksRun(work: () => unknown): Map<string, number> {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters: object = {}): unknown => {
    let answer: unknown;
    session.post(method, parameters, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  };
  try {
    post("Profiler.enable");
    post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    work();
    const { result } = post("Profiler.takePreciseCoverage") as Coverage;
    post("Profiler.stopPreciseCoverage");
    const counts = new Map<string, number>();
    for (const { url, functions } of result) {
      const [file] = /(src|grammar)\/.*\.ts$/.exec(url) ?? [];
      if (file === undefined) continue;
      for (const { functionName, ranges } of functions) {
        const name = `${functionName} (${file})`;
        counts.set(
          name,
          ranges.reduce((sum, { count }) => sum + count, counts.get(name) ?? 0),
        );
      }
    }
    return counts;
  } finally {
    session.disconnect();
  }
}

/** How much of some work is quadratic, and which functions it is in. */
export interface Growth {
  /** What is quadratic where the size is 10,000, as a share of what is linear. */
  readonly share: number;
  readonly where: string;
}

/**
 * Work is a + b n + c n², whose c follows from three sizes. A loop over everything within a loop over everything is in c,
 * however short it is.
 */
export function growthOf(of: (size: number) => () => unknown, size: number): Growth {
  const works = [size, 2 * size, 4 * size].map(of);
  // The first run makes what is made once, and caches.
  for (const work of works) work();
  const [one, two, four] = works.map(blocksRun) as [
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
  ];
  const c = (name: string) =>
    ((four.get(name) ?? 0) - 3 * (two.get(name) ?? 0) + 2 * (one.get(name) ?? 0)) / (6 * size * size);
  const parts = [...four.keys()].map((name) => ({ name, c: c(name) })).sort((x, y) => y.c - x.c);
  const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);
  const each = (sum(four.values()) - sum(one.values())) / (3 * size);
  const where = parts.slice(0, 8).map((part) => `${part.c.toFixed(3)} n² in ${part.name}`);
  const quadratic = Math.max(0, sum(parts.map((part) => part.c)));
  return { share: (quadratic * 10_000) / each, where: where.join("\n") };
}

/** What is allowed: what grows with the logarithm, and what comes in steps, is not told apart from a little that is quadratic. */
const LINEAR = 0.5;

/** Fails with the functions that run too often. */
export function expectLinear(of: (size: number) => () => unknown, size: number, what = "work"): void {
  const { share, where } = growthOf(of, size);
  if (share > LINEAR)
    throw new Error(`${what} grows with the square of the size (${share.toFixed(2)}):\n${where}`);
}
