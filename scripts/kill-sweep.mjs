// `npm run kill-sweep -- --count N [--seed N]`: kills trainings of the command at random moments, and checks that nothing is lost
// or half done.
import { parseArgs } from "node:util";
import { endAll } from "./kill-sweep/children.mjs";
import { runCase } from "./kill-sweep/cases.mjs";

const USAGE = "npm run kill-sweep -- [--count N] [--seed N]";
/** Cases side by side: most of their time they wait. */
const AT_ONCE = 2;

function whole(text, name) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} is a whole number, not ${text}. ${USAGE}`);
  process.exit(1);
}

function given() {
  try {
    const options = { seed: { type: "string", default: "0" }, count: { type: "string", default: "60" } };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message} ${USAGE}`);
    process.exit(1);
  }
}

function add(sums, kills) {
  for (const [phase, count] of Object.entries(kills)) sums[phase] = (sums[phase] ?? 0) + count;
}

const show = (sums) =>
  Object.entries(sums)
    .map(([phase, count]) => `${count} ${phase}`)
    .join(", ");

async function sweep(first, count) {
  const totals = { failed: 0, failedWrites: 0, kills: {}, longKills: {} };
  let next = first;
  const worker = async () => {
    while (next < first + count) {
      const seed = next++;
      const { kind, found, kills, longKills, failedWrites } = await runCase(seed);
      for (const what of found) console.log(`seed ${seed} (${kind}): ${what.trim()}`);
      if (found.length > 0) totals.failed++;
      totals.failedWrites += failedWrites;
      add(totals.kills, kills);
      add(totals.longKills, longKills);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return totals;
}

process.once("exit", endAll);
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => process.exit(130));

const values = given();
const { failed, failedWrites, kills, longKills } = await sweep(
  whole(values.seed, "seed"),
  whole(values.count, "count"),
);
const { "after the end": ended = 0, ...killed } = kills;
console.log(`kills: ${show(killed)}; ${ended} trainings had ended before theirs`);
console.log(`of them at the real save interval: ${show(longKills)}`);
console.log(`${failedWrites} trainings could not write`);
const total = Object.values(killed).reduce((sum, count) => sum + count, 0);
console.log(`${total} killed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
