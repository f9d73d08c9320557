import { writeResults } from "../../scripts/compare.mjs";
import { models } from "../models.mjs";
import { here } from "../process.mjs";

const columns = {
  "nnspec:plain": "nnspec",
  "nnspec:relaxed": "nnspec, relaxed",
  "layers:cpu": "LayersModel, cpu",
  "layers:wasm": "LayersModel, wasm",
  "jax:wasm": "jax-js, wasm",
  torch: "PyTorch",
  keras: "Keras on jax",
};
const names = {
  "two-towers": "the seed",
  mlp: "MLP",
  cnn: "CNN",
  lstm: "LSTM",
  transformer: "transformer block",
  embeddings: "embeddings",
};

const shown = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(2));

/** The results as README has them: written by the run that measured them, whoever wins. */
export async function writeReadme({ host, steps, balancing, matmul }) {
  const msOf = (model, system) => steps.find((r) => r.model === model && r.system === system)?.msPerStep;
  const cell = (model, system) => {
    const ms = msOf(model, system);
    return ms === null || ms === undefined ? "cannot" : shown(ms);
  };
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const table = [
    row(["model", ...Object.values(columns)]),
    row(["---", ...Object.keys(columns).map(() => "---")]),
    ...Object.keys(models).map((model) =>
      row([names[model], ...Object.keys(columns).map((system) => cell(model, system))]),
    ),
  ].join("\n");
  await writeResults(
    here("../README.md"),
    [
      `Milliseconds a step on one core of an ${host.processor}, by one run of \`npm run bench\`. ${versions(host.versions)}`,
      table,
      ...["torch", "keras"].map((system) => against(system, msOf)),
      pcgrad(balancing),
      products(matmul),
    ].join("\n\n"),
  );
}

function versions(v) {
  return `Node ${v.node}; PyTorch ${v.torch}, eager, with ${v.blas}, oneDNN ${v.oneDNN} and ${v.simd}, images with the channels last and Adam fused where that is faster; Keras ${v.keras} on jax ${v.jax}; tfjs ${v.tfjs}; jax-js ${v["jax-js"]}. Relaxed is nnspec with relaxed SIMD.`;
}

/** Where nnspec loses and wins, in times of a step of its plain kernels and of its relaxed ones. */
function against(system, msOf) {
  const ratios = Object.keys(models).map((model) => {
    const theirs = msOf(model, system);
    const [plain, relaxed] = ["plain", "relaxed"].map((v) => msOf(model, `nnspec:${v}`) / theirs);
    return { name: names[model], plain, relaxed };
  });
  const list = (all, of) =>
    all.map((r) => `${r.name} (${shown(of(r.plain))} times; relaxed ${shown(of(r.relaxed))})`).join(", ");
  const [slower, faster] = [ratios.filter((r) => r.plain > 1), ratios.filter((r) => r.plain <= 1)];
  return [
    `${columns[system]} against nnspec:`,
    slower.length > 0
      ? `nnspec takes longer for ${list(slower, (x) => x)}.`
      : "nnspec takes longer for none.",
    faster.length > 0
      ? `It is as fast or faster for ${list(faster, (x) => 1 / x)}.`
      : "It is faster for none.",
  ].join(" ");
}

function pcgrad(balancing) {
  const { ratio } = balancing.find(({ balancer }) => balancer === "pcgrad");
  return `A step of the MLP with \`balance: pcgrad\`, which takes a backward pass a task through the shared layers, costs ${shown(ratio)} times the plain one.`;
}

function products(matmul) {
  const shares = Object.values(matmul).flatMap((rows) => rows.filter((r) => r.met !== undefined));
  const percent = shares.map(({ share }) => Math.round(100 * share));
  return `Products of 128×256×256 and 512³ run at ${Math.min(...percent)} to ${Math.max(...percent)} % of the best loop of multiply-adds that stays in registers, plain and relaxed.`;
}
