/** Longest time, in milliseconds, that a loop keeps signals, timers and a page's drawing waiting. */
const SLICE = 40;

/** Gives a function for long loops: it returns a promise to wait for when it is time to let others run. */
export function createPause(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < SLICE) return undefined;
    return new Promise((resume) => {
      setTimeout(() => {
        last = performance.now();
        resume();
      }, 0);
    });
  };
}

/** Whether a callback's result is to be waited for; promises of another realm are promises too. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}
