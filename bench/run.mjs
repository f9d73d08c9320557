// `npm run bench`: training steps against other systems, and compile times. `-- --quick` takes fewer repeats, `-- --json
// FILE` writes [{ "model", "system", "msPerStep", … }]. Every measurement runs in a process of its own.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { models } from "./models.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
  },
});

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const nnc = here("../dist/bin/nnc.js");
if (!existsSync(nnc)) {
  console.error("there is no dist: run `npm run build` first");
  process.exit(1);
}

const systems = ["nnspec:wasm", "nnspec:cpu", "layers:wasm", "layers:cpu", "torch"];
const titles = {
  "nnspec:wasm": "nnspec, tfjs (wasm)",
  "nnspec:cpu": "nnspec, tfjs (cpu)",
  "layers:wasm": "LayersModel.fit (wasm)",
  "layers:cpu": "LayersModel.fit (cpu)",
  torch: "PyTorch eager, one thread",
};

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The object that a process prints as its last line, or why there is none. */
function measure(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
  const line = stdout?.trim().split("\n").at(-1);
  if (status === 0 && line) return JSON.parse(line);
  const why = error?.message ?? stderr?.trim().split("\n").at(-1) ?? `exit ${status}`;
  return { cannot: why.slice(0, 120) };
}

/** A python with torch, or why there is none. */
function findTorch() {
  const tried = [process.env.PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  for (const python of tried) {
    if (spawnSync(python, ["-c", "import torch"], { timeout: 60_000 }).status === 0) return { python };
  }
  return { cannot: `no torch in ${tried.join(", ")}` };
}

const torch = findTorch();

function step(name, system) {
  const { steps, slowSteps } = models[name];
  const slow = system === "nnspec:cpu" || system === "layers:cpu";
  const repeats = slow && slowSteps !== undefined ? (options.quick ? 1 : 2) : options.quick ? 3 : 9;
  if (system !== "torch") return measure(process.execPath, [here("step.mjs"), name, system, String(repeats)]);
  if (torch.cannot) return torch;
  return measure(torch.python, [here("step_torch.py"), name, String(steps), "10", String(repeats)]);
}

const rows = [];

function stepTable(name) {
  console.log(`\n${name}: ${models[name].title}`);
  let base;
  for (const system of systems) {
    const { ms, note, cannot } = step(name, system);
    if (cannot !== undefined) {
      console.log(`  ${titles[system].padEnd(28)} cannot: ${cannot}`);
      rows.push({ model: name, system: titles[system], msPerStep: null, cannot });
      continue;
    }
    const msPerStep = median(ms);
    base ??= msPerStep;
    const ratio = msPerStep / base;
    const spread = `${Math.min(...ms).toFixed(2)} to ${Math.max(...ms).toFixed(2)}`;
    console.log(
      `  ${titles[system].padEnd(28)} ${msPerStep.toFixed(2).padStart(9)} ms/step  x ${ratio.toFixed(2).padStart(6)}  (${spread}; ${note})`,
    );
    rows.push({ model: name, system: titles[system], msPerStep, ratio, repeats: ms.length, note });
  }
}

function compileTable() {
  const repeats = options.quick ? 1 : 3;
  console.log("\nphases of `nnc check` on a generated spec, after start");
  for (const kind of ["chain", "pipe", "repeat"]) {
    const of = (layers) => {
      const runs = Array.from({ length: repeats }, () =>
        measure(process.execPath, [here("compile-time.mjs"), kind, String(layers)]),
      );
      const failed = runs.find((run) => run.cannot !== undefined);
      if (failed) throw new Error(`${kind} of ${layers}: ${failed.cannot}`);
      return median(runs.map((run) => run.ms));
    };
    const [thousand, tenThousand] = [of(1000), of(10_000)];
    const ratio = tenThousand / thousand;
    const verdict = thousand < 1000 && ratio <= 12 ? "within" : "OVER";
    console.log(
      `  ${kind.padEnd(28)} 1,000 layers ${thousand.toFixed(0)} ms; 10,000 layers ${tenThousand.toFixed(0)} ms, x ${ratio.toFixed(1)}  (${verdict}: 1,000 ms, x 12)`,
    );
    rows.push({ model: `check ${kind} 1,000`, system: "nnspec", ms: thousand });
    rows.push({ model: `check ${kind} 10,000`, system: "nnspec", ms: tenThousand, ratio });
  }
  console.log("\nwhole processes, cold");
  const commands = [["--version"], ["check", here("../specs/penguins.nnspec")]];
  for (const args of commands) {
    const ms = median(
      Array.from({ length: options.quick ? 3 : 9 }, () => {
        const start = performance.now();
        const { status } = spawnSync(process.execPath, [nnc, ...args]);
        if (status !== 0) throw new Error(`nnc ${args.join(" ")} ended with ${status}`);
        return performance.now() - start;
      }),
    );
    const name = `nnc ${args.map((arg) => arg.replace(/^.*\/specs\//, "specs/")).join(" ")}`;
    console.log(
      `  ${name.padEnd(36)} ${ms.toFixed(0)} ms${args[0] === "--version" ? "  (150 ms wanted)" : ""}`,
    );
    rows.push({ model: name, system: "nnspec", ms });
  }
}

console.log(
  `node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores; medians, float32`,
);
for (const name of Object.keys(models))
  if (options.only === undefined || options.only === name) stepTable(name);
if (options.only === undefined || options.only === "compile") compileTable();
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`\nwrote ${options.json}`);
}
