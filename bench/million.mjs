// Trains the seed for very many steps and looks at memory: `node --trace-gc --expose-gc bench/million.mjs bare|fit STEPS`
// prints what V8 says of its collections and, last, a line of JSON: resident bytes at 10 %, 50 % and 100 % of the steps, and
// in milliseconds of the process when a collection that was asked for ended and from when to when the steps ran.
import { models } from "./models.mjs";
import { startOn } from "./start.mjs";

const [kind, count] = [process.argv[2], Number(process.argv[3])];
const { batch, data, spec } = models["two-towers"];
const WARM = 100_000;

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));

/** The arguments of a call, and what is to be written to each. */
function argumentsOf(call) {
  return Object.keys(call.arguments).map((name) => ({
    values: call.arguments[name],
    isData: name.includes("/"),
    isLabel: name.startsWith("labels/"),
    // Below 0 it is the spec's own learning rate.
    clock: name === "lr" ? -1 : 1,
  }));
}

async function bare() {
  const { session } = await startOn(spec, "plain");
  const call = session.prepare("step", batch);
  const fresh = argumentsOf(call);
  const losses = Object.entries(call.results)
    .filter(([name]) => name.startsWith("loss/"))
    .map(([, values]) => values);
  let state = 1;
  let bad = 0;
  /** A step on rows that no step had before. */
  const step = () => {
    for (let f = 0; f < fresh.length; f++) {
      const { values, isData, isLabel, clock } = fresh[f];
      for (let i = 0; i < values.length; i++) {
        if (!isData) {
          values[i] = clock;
          continue;
        }
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        values[i] = isLabel ? Number(state > 0) : state / 2 ** 31;
      }
    }
    call.run();
    for (let i = 0; i < losses.length; i++) if (!(losses[i][0] < 100)) bad++;
  };
  const steps = (n) => {
    for (let i = 0; i < n; i++) step();
  };
  steps(WARM);
  return async (marks) => {
    for (let part = 1; part <= 10; part++) {
      steps(count / 10);
      marks(part * 10);
    }
    if (bad > 0) throw new Error(`${bad} losses are not what they should be`);
  };
}

/** The same through `fit`, in epochs of 1,000 steps; what it does before the first is not looked at. */
async function fit() {
  const model = await startOn(spec, "plain");
  const rows = data(1000 * batch);
  await model.fit(rows, { epochs: WARM / 1000 });
  const epochs = count / 1000;
  return (marks) => {
    let done = -1;
    const onEpochEnd = () => {
      done++;
      if (done % (epochs / 10) === 0) marks((done * 100) / epochs);
    };
    return model.fit(rows, { epochs: epochs + 1, onEpochEnd });
  };
}

const run = await { bare, fit }[kind]();
globalThis.gc();
const collected = performance.now();
await pause();
const resident = {};
let from = performance.now();
await run((percent) => {
  if (percent === 0) from = performance.now();
  if (percent === 10 || percent === 50 || percent === 100) resident[percent] = process.memoryUsage.rss();
});
const to = performance.now();
await pause();
console.log(JSON.stringify({ resident, collected, from, to }));
