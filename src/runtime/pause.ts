import { later, now } from "./host.js";

/** Longest time, in milliseconds, that a loop keeps signals, timers and a page's drawing waiting. */
const SLICE = 40;

/** Returns a function for long loops; when it is time to let others run, that returns a promise to wait for. */
export function createPause(): () => Promise<void> | undefined {
  let last = now();
  return () => {
    if (now() - last < SLICE) return undefined;
    return new Promise((resume) => {
      later(() => {
        last = now();
        resume();
      });
    });
  };
}

/** What a promise gives; undefined where the signal aborts first, so that nobody waits for what may never come. */
export async function unlessAborted<V>(
  value: Promise<V>,
  signal: AbortSignal | undefined,
): Promise<V | undefined> {
  if (!signal) return value;
  let stop = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Whether a callback's result is to be waited for; promises of another realm are promises too. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  const holder = typeof value === "object" || typeof value === "function" ? value : null;
  return holder !== null && "then" in holder && typeof holder.then === "function";
}
