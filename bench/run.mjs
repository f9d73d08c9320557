// `npm run bench`: training steps against other systems, kernels against the processor, memory, compile times, how they grow, and sizes.
// `-- --quick` takes fewer repeats, `-- --only NAME` a model or a part, `-- --json FILE` writes all of it as JSON,
// `-- --readme` writes README's table. The environment's PYTHON has PyTorch, PYTHON_KERAS has Keras on jax; a PyTorch with a
// reference BLAS, or an old one, is refused. `-- --counts` counts instead of timing and with `--update` rewrites bench/counts.json.
// Every measurement runs in a process of its own, but for `partialFit`'s.
import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { models } from "./models.mjs";
import { balancingTable } from "./parts/balancing.mjs";
import { compileTable, sizeTable } from "./parts/compile.mjs";
import { countDist, memoryTable, printCounts } from "./parts/counts.mjs";
import { growthTable } from "./parts/growth.mjs";
import { mamlTable } from "./parts/maml.mjs";
import { matmulTable } from "./parts/matmul.mjs";
import { millionTable } from "./parts/million.mjs";
import { onlineTable } from "./parts/online.mjs";
import { phasesTable } from "./parts/phases.mjs";
import { writeReadme } from "./parts/readme.mjs";
import { recheckTable } from "./parts/recheck.mjs";
import { stepTable, targetTable } from "./parts/steps.mjs";
import { findPythons, versionsOf } from "./opponents.mjs";
import { core, here, nnc, relaxedFlags } from "./process.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    counts: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
  },
});

function refuse(why) {
  console.error(why);
  process.exit(1);
}

const parts = [
  "balancing",
  "maml",
  "matmul",
  "memory",
  "million",
  "online",
  "compile",
  "growth",
  "phases",
  "recheck",
  "size",
];
const known = [...Object.keys(models), ...parts];
if (!existsSync(nnc)) refuse("there is no dist: run `npm run build` first");
if (options.only !== undefined && !known.includes(options.only))
  refuse(`--only takes one of ${known.join(", ")}`);
if (options.readme && (options.quick || options.only !== undefined)) refuse("--readme takes a whole run");
if (options.update && !options.counts) refuse("--update goes with --counts");

const asked = (name) => options.only === undefined || options.only === name;
const results = {};

if (options.counts) {
  results.counts = await countDist();
  printCounts(results.counts);
  if (options.update) {
    writeFileSync(here("counts.json"), `${JSON.stringify(results.counts, null, 2)}\n`);
    console.log("\nwrote bench/counts.json");
  }
} else {
  const pythons = findPythons();
  if (pythons.refused !== undefined)
    refuse(`${pythons.refused}: \`pip install torch\`, and name its Python in PYTHON`);
  options.pythons = pythons;
  const host = {
    versions: versionsOf(pythons),
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    load: loadavg()[0],
    core: core ?? null,
    plain: "SIMD, chosen by the session's `variant`",
    relaxed: `relaxed SIMD, ${relaxedFlags.length > 0 ? `with ${relaxedFlags.join(" ")}` : "this Node's default"}`,
  };
  results.host = host;
  console.log(
    `node ${host.node}, ${host.processor}, ${host.cores} cores, load ${host.load.toFixed(2)}; medians, float32, one thread`,
  );
  console.log(
    Object.entries(host.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  console.log(core === undefined ? "processes are not kept to one core" : `all on core ${core}`);
  console.log(`plain: ${host.plain}; relaxed: ${host.relaxed}`);
  results.steps = Object.keys(models)
    .filter(asked)
    .flatMap((name) => stepTable(name, options));
  results.targets = targetTable(results.steps);
  if (asked("balancing")) results.balancing = await balancingTable(options);
  if (asked("maml")) results.maml = mamlTable(options);
  if (asked("matmul")) results.matmul = matmulTable();
  if (asked("memory")) results.memory = memoryTable(await countDist());
  if (asked("million")) results.million = millionTable(options);
  if (asked("online")) results.online = await onlineTable(options);
  if (asked("compile")) results.compile = compileTable(options);
  if (asked("growth")) results.growth = growthTable();
  if (asked("phases")) results.phases = phasesTable(options);
  if (asked("recheck")) results.recheck = recheckTable();
  if (asked("size")) results.size = sizeTable();
}
if (options.readme) await writeReadme(results);
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nwrote ${options.json}`);
}
