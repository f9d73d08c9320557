// Times training steps of one model on one system, in a process of its own: `node bench/step.mjs MODEL SYSTEM REPEATS [BALANCE]`.
// Prints one line of JSON: { "ms": [one number a repeat], "steps": n, "note": "…" }, or { "cannot": "why" }.
import { models } from "./models.mjs";
import { startOn } from "./start.mjs";
import { timed } from "./timing.mjs";

const [name, system, repeats, balance] = process.argv.slice(2);
const [kind, backend] = system.split(":");
const model = models[name];

/** An epoch's steps, or fewer; beyond, whole epochs. */
const epochs = (n) => (n <= model.steps ? n : Math.round(n / model.steps) * model.steps);

/** Runs of `fit`, with the data of runs that were the same. */
function fitting(prepare, fit) {
  const known = new Map();
  return (n) => {
    const batches = Math.min(n, model.steps);
    if (!known.has(batches)) known.set(batches, prepare(batches * model.batch));
    return fit(known.get(batches), n / batches);
  };
}

async function nnspec() {
  const spec = balance ? model.spec.replace("train {", `train { balance: ${balance} `) : model.spec;
  const made = await startOn(spec, backend);
  const run = fitting(model.data, (data, count) => made.fit(data, { epochs: count }));
  return { ...(await timed(run, repeats, epochs)), note: made.engine };
}

/** The step's program alone, without the loop and the data around it; its arguments are written anew, as they must be. */
async function bare() {
  const { session, engine } = await startOn(model.spec, backend);
  const call = session.prepare("step", model.batch);
  const { inputs, labels } = model.data(model.batch);
  const given = Object.entries(call.arguments).map(([key, to]) => {
    const [kind, of] = key.split("/");
    // A rate below 0 is the spec's own.
    return { to, values: { inputs, labels }[kind]?.[of] ?? to.slice().fill(key === "clock/lr" ? -1 : 1) };
  });
  const run = async (n) => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < given.length; k++) given[k].to.set(given[k].values);
      call.run();
    }
  };
  return { ...(await timed(run, repeats)), note: engine };
}

async function layers() {
  const { startTfjs } = await import("../dist/src/runtime/tfjs/index.js");
  const tf = await startTfjs(backend);
  const { inputs, outputs, loss } = model.layers(tf);
  const made = tf.model({ inputs, outputs });
  made.compile({ optimizer: tf.train.adam(0.001), loss });
  const prepare = (rows) => {
    const { inputs: given, labels } = model.data(rows);
    const tensor = ([key, data]) =>
      model.oneHot?.[key] === undefined
        ? tf.tensor(Float32Array.from(data), [
            rows,
            ...(model.shapes[key].length > 0 ? model.shapes[key] : [1]),
          ])
        : tf.cast(tf.oneHot(tf.tensor1d(data, "int32"), model.oneHot[key]), "float32");
    const [x, y] = [given, labels].map((of) => Object.entries(of).map(tensor));
    return [x.length === 1 ? x[0] : x, y.length === 1 ? y[0] : y];
  };
  const run = fitting(prepare, (data, count) =>
    made.fit(...data, { batchSize: model.batch, epochs: count, verbose: 0, yieldEvery: "never" }),
  );
  return {
    ...(await timed(run, repeats, epochs)),
    note: `tfjs ${tf.version.tfjs} (${tf.getBackend()})`,
  };
}

/** The loss, its gradients and Adam in one `jit`; batches are on the device before. */
async function jax() {
  const library = await import("@jax-js/jax");
  const { defaultDevice, init, numpy: np, tree } = library;
  await init(backend);
  defaultDevice(backend);
  const shared = await import("./models/jax.mjs");
  const { params, loss } = model.jax(library, shared);
  const step = shared.adamStep(loss);
  let state = shared.adamState(params);
  const { inputs, labels } = model.data(model.steps * model.batch);
  const batches = Array.from({ length: model.steps }, (_, i) =>
    [inputs, labels].map((of) =>
      Object.fromEntries(
        Object.entries(of).map(([key, data]) => {
          const shape = [model.batch, ...model.shapes[key]];
          const size = shape.reduce((a, b) => a * b, 1);
          const dtype = data instanceof Int32Array ? np.int32 : np.float32;
          return [key, np.array(data.slice(i * size, (i + 1) * size), { dtype }).reshape(shape)];
        }),
      ),
    ),
  );
  let last = Number.NaN;
  const run = async (n) => {
    for (let i = 0; i < n; i++) {
      const [x, y] = batches[i % batches.length];
      const [value, next] = step(state, tree.ref(x), tree.ref(y));
      state = next;
      last = value.dataSync()[0];
    }
  };
  await run(1); // compiles
  const measured = await timed(run, repeats);
  if (!Number.isFinite(last)) throw new Error(`the loss is ${last}`);
  return { ...measured, note: `jax-js (${defaultDevice()}), jit` };
}

try {
  console.log(JSON.stringify(await { nnspec, bare, layers, jax }[kind]()));
} catch (error) {
  console.log(JSON.stringify({ cannot: String(error.message).split("\n")[0].slice(0, 120) }));
}
process.exit(0);
