import { Session } from "node:inspector";

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/**
 * How many blocks of our own code a piece of work runs, as V8 counts them for coverage: a measure that is the same on every
 * machine. What a native function goes through (`includes`, `slice`, `sort`) is not in it.
 */
export function blocksRun(work: () => unknown): number {
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
    return result
      .filter(({ url }) => /\/(src|grammar)\/.*\.ts$/.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  } finally {
    session.disconnect();
  }
}

/** How many times as much work there is of sixteen times the size; what is quadratic takes 256 times as much. */
export function growth(of: (size: number) => () => unknown, size: number): number {
  const [small, large] = [of(size), of(16 * size)];
  // The first run makes what is made once, and caches.
  small();
  // V8 forgets the counts of code that it drops, so that a count may be too small.
  const most = (work: () => unknown) => Math.max(blocksRun(work), blocksRun(work));
  return most(large) / most(small);
}

/** What is allowed: work in proportion, and a little more for what is counted unevenly. */
export const LINEAR = 20;
