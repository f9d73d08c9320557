// Runs one method on one data set: `node scripts/multitask/method.mjs DATASET METHOD [REFERENCE]`, the index of the data set, a name
// and, as JSON, the single-task metrics to choose by. Prints one line of JSON.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, createFromDocument } from "../../dist/src/index.js";
import { takeRows } from "../../dist/src/data/bind.js";
import { bindTables, readTables, splitTables } from "../../dist/src/data/sources.js";
import { balancers } from "../../dist/src/library/balancers/index.js";
import { datasets, RATES, SEEDS } from "./datasets.mjs";
import { improvement } from "./improvement.mjs";

const [index, method, reference] = process.argv.slice(2);
const dataset = datasets[Number(index)];
const folder = new URL("../../specs/multitask/", import.meta.url);

/** The spec of a method: another file for experts, another line for a balancer. */
function specOf(name) {
  const variant = name === "mmoe" || name === "ple" ? `-${name}` : "";
  const text = readFileSync(new URL(`${dataset.name}${variant}.nnspec`, folder), "utf8");
  const balancer = balancers.find((b) => b.name === name);
  return (balancer ? text.replace("balance: fixed", balancer.example) : text).replace(
    "second_50",
    dataset.column ?? "second_50",
  );
}

const compiled = compile(specOf(method));
if (!compiled.document) throw new Error(compiled.diagnostics.map((d) => d.message).join("\n"));
const { places } = compiled;

/** The document with one task alone, or with other weights, or with another learning rate. */
function changed({ task, rate = 1, weights }) {
  const { document } = compiled;
  const kept = (name) => task === undefined || name === task || document.inputs.some((i) => i.name === name);
  return {
    ...document,
    tasks: document.tasks
      .map((t, i) => (weights ? { ...t, weight: weights[i] } : t))
      .filter(({ name }) => kept(name)),
    data: { ...document.data, mappings: document.data.mappings.filter(({ name }) => kept(name)) },
    train: document.train.map((train) => ({
      ...train,
      optimizers: train.optimizers.map(({ pattern, optimizer }) => ({
        pattern,
        optimizer: { ...optimizer, options: { ...optimizer.options, lr: optimizer.options.lr * rate } },
      })),
    })),
  };
}

let tables;

/** Trains once; the metrics of the validation and test parts. */
async function run(change, seed) {
  const document = changed(change);
  const pathOf = ({ from }) => fileURLToPath(new URL(from, folder));
  tables ??= readTables(document, places, pathOf).value;
  const bound = bindTables(document, places, tables).value;
  const parts = splitTables(document.data.split, places, tables, dataset.resplit ? seed : undefined).value;
  const part = (name) => takeRows(bound, parts[name]);
  const model = await createFromDocument(document, { seed });
  const validation = part("validation");
  await model.fit(part("train"), document.train[0].stop ? { validation } : {});
  const metricsOf = async (data) => {
    const { metrics } = await model.evaluate(data);
    return Object.fromEntries(
      document.tasks.map(({ name }) => [name, metrics[name][dataset.tasks[name][0]]]),
    );
  };
  const found = { validation: await metricsOf(validation), test: await metricsOf(part("test")) };
  model.dispose();
  return found;
}

/** The trial that does best on the validation part with the first seed, and its metrics with all seeds. */
async function best(extra, score) {
  let chosen;
  const attempt = async (trial) => {
    const first = await run({ ...extra, ...trial }, 0);
    const value = score(first.validation);
    if (!chosen || value > chosen.value) chosen = { trial, value, first };
  };
  const weighs = method === "static weights";
  for (const rate of weighs ? RATES.slice(0, 3) : RATES) await attempt({ rate });
  if (weighs) {
    const { rate } = chosen.trial;
    for (const weights of dataset.weights) await attempt({ rate, weights });
  }
  const rest = [];
  for (let seed = 1; seed < SEEDS; seed++) rest.push(await run({ ...extra, ...chosen.trial }, seed));
  return {
    trial: chosen.trial,
    validation: chosen.first.validation,
    test: [chosen.first, ...rest].map((r) => r.test),
  };
}

const started = performance.now();
let result;
if (method === "single-task") {
  const alone = [];
  for (const [task, [, higher]] of Object.entries(dataset.tasks))
    alone.push(await best({ task }, (metrics) => (higher ? metrics[task] : -metrics[task])));
  result = {
    trial: alone.map(({ trial }) => trial),
    validation: Object.assign({}, ...alone.map(({ validation }) => validation)),
    test: alone[0].test.map((_, seed) => Object.assign({}, ...alone.map(({ test }) => test[seed]))),
  };
} else {
  const single = JSON.parse(reference);
  result = await best({}, (metrics) => improvement(dataset.tasks, metrics, single));
}
console.log(JSON.stringify({ ...result, seconds: (performance.now() - started) / 1000 }));
process.exit(0);
