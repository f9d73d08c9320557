// `npm run multitask`: sharing and balancing compared on the data sets of specs/multitask. Every method has as many trials on the
// validation part as any other, then five seeds. Writes docs/multitask.json and the tables in docs/multitask.md.
// `-- --only NAME` takes one data set and writes nothing.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { balancers } from "../dist/src/library/balancers/index.js";
import { inParallel, markdownTable, run, show, statistics, writeJson, writeResults } from "./compare.mjs";
import { datasets, RATES, SEEDS } from "./multitask/datasets.mjs";
import { improvement } from "./multitask/improvement.mjs";

const { values: options } = parseArgs({ options: { only: { type: "string" } } });
const script = fileURLToPath(new URL("multitask/method.mjs", import.meta.url));
const methods = [
  "single-task",
  "hard sharing",
  "static weights",
  "mmoe",
  "ple",
  ...balancers.map((b) => b.name).filter((name) => name !== "fixed"),
];

const runMethod = async (args) => (await run(script, args)).at(-1);

async function measure(dataset, index) {
  const results = {};
  const wanted = dataset.only ?? methods;
  const note = (method, { seconds }) => console.log(`${dataset.title}: ${method}, ${seconds.toFixed(0)} s`);
  const single = await runMethod([String(index), "single-task"]);
  results["single-task"] = single;
  note("single-task", single);
  const jobs = wanted.slice(1).map((method) => async () => {
    results[method] = await runMethod([String(index), method, JSON.stringify(single.validation)]);
    note(method, results[method]);
  });
  await inParallel(jobs);
  return { ...dataset, results: Object.fromEntries(wanted.map((method) => [method, results[method]])) };
}

function table({ title, about, tasks, results }) {
  const single = results["single-task"];
  const names = Object.entries(tasks);
  const alone = Object.fromEntries(
    names.map(([task]) => [task, statistics(single.test.map((t) => t[task])).mean]),
  );
  const rows = Object.entries(results).map(([method, { test, trial }]) => {
    const cells = names.map(([task, [, higher]]) =>
      show(
        test.map((metrics) => metrics[task]),
        higher || alone[task] < 20 ? 3 : 0,
      ),
    );
    const gain = show(
      test.map((metrics) => improvement(tasks, metrics, alone)),
      1,
    );
    const chosen = trial.weights
      ? `× ${trial.rate}, weights ${trial.weights.join(", ")}`
      : [trial]
          .flat()
          .map((t) => `× ${t.rate}`)
          .join(", ");
    return [method, ...cells, gain, chosen];
  });
  const head = [
    "",
    ...names.map(([task, [metric, higher]]) => `${task} ${metric} ${higher ? "↑" : "↓"}`),
    "Δm in %",
    "chosen",
  ];
  return `### ${title}\n\n${about[0].toUpperCase()}${about.slice(1)}.\n\n${markdownTable(head, rows)}\n`;
}

const measured = [];
for (const [index, dataset] of datasets.entries())
  if (options.only === undefined || options.only === dataset.name)
    measured.push(await measure(dataset, index));
const tables = measured.map(table).join("\n");
console.log(`\n${tables}`);

if (options.only === undefined) {
  await writeResults(new URL("../docs/multitask.md", import.meta.url), tables);
  const kept = measured.map(({ title, column, results }) => ({ title, column, results }));
  await writeJson(new URL("../docs/multitask.json", import.meta.url), {
    seeds: SEEDS,
    rates: RATES,
    node: process.version,
    kept,
  });
}
