// How steps are timed: warmed up by runs that double, for half a second at least, since the host compiles in tiers; then
// several runs of about as long, or of one step where that takes longer.
const WARM = 500;
const RUN = 300;
/** A first step that takes so long tells enough. */
const SLOW = 4000;
/** A measurement takes no longer than this, about. */
const BUDGET = 20_000;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `run(n)` runs n steps, n of `counts(n)`. Gives milliseconds a step for each repeat, and how many steps made one. */
export async function timed(run, repeats, counts = (n) => n) {
  const time = async (n) => {
    const start = performance.now();
    await run(n);
    return (performance.now() - start) / n;
  };
  const start = performance.now();
  let each = 0;
  for (let n = 1; performance.now() - start < WARM || (n < 4 && each < SLOW); n *= 2)
    each = await time(counts(n));
  const steps = counts(Math.max(1, Math.floor(RUN / each)));
  const ms = [];
  for (let i = 0; i < repeats && (i === 0 || (i + 1) * steps * each < BUDGET); i++)
    ms.push(await time(steps));
  return { ms, steps };
}
