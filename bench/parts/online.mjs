import { models } from "../models.mjs";
import { startOn } from "../start.mjs";

/** Milliseconds that one call of `partialFit` on one row may take. */
const MOST = 0.3;

const ROUNDS = 15;
const CALLS = 300;

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** One optimizer step at a time, as rows come in: `partialFit` on one row and on a batch. */
export async function onlineTable({ quick }) {
  const { batch, data, spec } = models["two-towers"];
  const rounds = quick ? 5 : ROUNDS;
  console.log("\npartialFit of the seed, milliseconds a call");
  const rows = [];
  for (const count of [1, batch]) {
    const model = await startOn(spec, "plain");
    const given = data(count);
    const times = [];
    for (let round = 0; round < rounds + 1; round++) {
      const start = performance.now();
      for (let i = 0; i < CALLS; i++) await model.partialFit(given);
      if (round > 0) times.push((performance.now() - start) / CALLS);
    }
    model.dispose();
    const ms = median(times);
    const met = count > 1 ? undefined : ms <= MOST;
    const verdict = met === undefined ? "" : `  (${met ? "met" : "MISSED"}: at most ${MOST})`;
    console.log(`  ${String(count).padStart(3)} rows  ${ms.toFixed(4)}${verdict}`);
    rows.push({ rows: count, ms, ...(met === undefined ? {} : { met }) });
  }
  return rows;
}
