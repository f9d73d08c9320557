import { models } from "../models.mjs";
import { here, measure, relaxedFlags } from "../process.mjs";
import { judge, targets } from "../targets.mjs";
import { median } from "../timing.mjs";

const titles = {
  "nnspec:plain": "nnspec, plain",
  "nnspec:relaxed": "nnspec, relaxed",
  "bare:plain": "  its bare step, plain",
  "bare:relaxed": "  its bare step, relaxed",
  "nnspec:tfjs": "nnspec on tfjs (wasm)",
  "layers:cpu": "tfjs LayersModel.fit (cpu)",
  "layers:wasm": "tfjs LayersModel.fit (wasm)",
  "jax:wasm": "jax-js, jit (wasm)",
  torch: "PyTorch eager, one thread",
  keras: "Keras fit on jax, one core",
};

function step(name, system, repeats, pythons) {
  const found = pythons[system];
  if (found?.cannot) return found;
  if (found) return measure(found.python, [here(`step_${system}.py`), name, String(repeats)]);
  const flags = system.endsWith(":relaxed") ? relaxedFlags : [];
  return measure(process.execPath, [...flags, here("step.mjs"), name, system, String(repeats)]);
}

const digits = (ms) => (ms < 1 ? ms.toFixed(4) : ms.toFixed(2));

/** Milliseconds a step of one model on every system; ratios are to nnspec's plain kernels. */
export function stepTable(name, { quick, pythons }) {
  console.log(`\n${name}: ${models[name].title}`);
  const rows = [];
  let base;
  for (const [system, title] of Object.entries(titles)) {
    if (system.startsWith("bare:") && name !== "two-towers") continue;
    const { ms, steps, note, cannot } = step(name, system, quick ? 3 : 9, pythons);
    if (cannot !== undefined) {
      console.log(`  ${title.padEnd(28)}    cannot: ${cannot}`);
      rows.push({ model: name, system, msPerStep: null, cannot });
      continue;
    }
    const msPerStep = median(ms);
    base ??= msPerStep;
    const ratio = msPerStep / base;
    const spread = `${digits(Math.min(...ms))} to ${digits(Math.max(...ms))}`;
    console.log(
      `  ${title.padEnd(28)} ${digits(msPerStep).padStart(10)} ms/step  x ${ratio.toFixed(2).padStart(8)}  (${spread}; ${note})`,
    );
    rows.push({
      model: name,
      system,
      msPerStep,
      ratio,
      least: Math.min(...ms),
      most: Math.max(...ms),
      repeats: ms.length,
      stepsPerRepeat: steps,
      note,
    });
  }
  return rows;
}

/** What is wanted of the models in the table, for both variants. */
export function targetTable(rows) {
  const judged = [];
  for (const target of targets) {
    const msOf = (system) =>
      rows.find((r) => r.model === target.model && r.system === system)?.msPerStep ?? undefined;
    if (!rows.some((r) => r.model === target.model)) continue;
    const names = target.than.map((s) => titles[s]).join(" or ");
    const wanted = target.times === undefined ? `<= x ${target.atMost} the time of` : `>= x ${target.times}`;
    const cells = ["plain", "relaxed"].map((variant) => {
      const verdict = judge(target, msOf(`nnspec:${variant}`), msOf);
      judged.push({ ...target, variant, ...verdict });
      if (verdict.met === null) return `${variant} not measured`;
      return `${variant} x ${verdict.ratio.toFixed(2)} ${verdict.met ? "met" : "MISSED"}`;
    });
    if (judged.length === 2) console.log("\ntargets of `fit`");
    console.log(`  ${target.model.padEnd(12)} ${`${wanted} ${names}`.padEnd(72)} ${cells.join(", ")}`);
  }
  return judged;
}
