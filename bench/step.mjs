// Times training steps of one model on one system, in a process of its own: `node bench/step.mjs MODEL SYSTEM REPEATS`.
// Prints one line of JSON: { "ms": [one number a repeat], "note": "…" }, or { "cannot": "why" }.
import { compile } from "../dist/src/index.js";
import { startTfjs } from "../dist/src/runtime/tfjs/index.js";
import { models } from "./models.mjs";

const [name, system, repeats] = process.argv.slice(2);
const [kind, backend] = system.split(":");
const model = models[name];
const slow = backend === "cpu" && model.slowSteps !== undefined;
const steps = slow ? model.slowSteps : model.steps;
const warm = slow ? 1 : Math.min(steps, 10);

/** Milliseconds a step, of `repeats` runs over `steps` batches. */
async function timed(run) {
  await run(warm);
  const ms = [];
  for (let i = 0; i < Number(repeats); i++) {
    const start = performance.now();
    await run(steps);
    ms.push((performance.now() - start) / steps);
  }
  return ms;
}

async function nnspec() {
  const made = await compile(model.spec).create({
    engine: kind === "nnspec" ? "tfjs" : kind,
    backend,
    seed: 1,
  });
  const of = new Map([warm, steps].map((n) => [n, model.data(n * model.batch)]));
  const ms = await timed((n) => made.fit(of.get(n), { epochs: 1 }));
  return { ms, note: made.engine };
}

async function layers() {
  const tf = await startTfjs(backend);
  const { inputs, outputs, loss } = model.layers(tf);
  const made = tf.model({ inputs, outputs });
  made.compile({ optimizer: tf.train.adam(0.001), loss });
  const tensors = (n) => {
    const rows = n * model.batch;
    const { inputs: given, labels } = model.data(rows);
    const x = Object.entries(given).map(([key, data]) => tf.tensor(data, [rows, ...model.shapes[key]]));
    const y = Object.entries(labels).map(([key, data]) =>
      model.oneHot[key] === undefined
        ? tf.tensor(data, [rows, 1])
        : tf.cast(tf.oneHot(tf.tensor1d(data, "int32"), model.oneHot[key]), "float32"),
    );
    return [x.length === 1 ? x[0] : x, y.length === 1 ? y[0] : y];
  };
  const of = new Map([warm, steps].map((n) => [n, tensors(n)]));
  const fitting = { batchSize: model.batch, epochs: 1, verbose: 0, yieldEvery: "never" };
  const ms = await timed((n) => made.fit(...of.get(n), fitting));
  return { ms, note: `tfjs ${tf.version.tfjs} (${tf.getBackend()})` };
}

try {
  console.log(JSON.stringify(await (kind === "layers" ? layers() : nnspec())));
} catch (error) {
  console.log(JSON.stringify({ cannot: String(error.message).split("\n")[0].slice(0, 120) }));
}
