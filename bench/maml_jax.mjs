// Times second-order MAML steps of the sinusoid net (1-40-40-1, 25 tasks of 10 + 10 points, adam) in jax-js on its wasm back end, the
// tasks side by side by `vmap`, the whole step in one `jit`: `node bench/maml_jax.mjs REPEATS`. Prints what step.mjs prints.
import { defaultDevice, grad, init, nn, numpy as np, tree, vmap } from "@jax-js/jax";
import { adamState, adamStep, apply, dense, meanSquaredError } from "./models/jax.mjs";
import { timed } from "./timing.mjs";

const TASKS = 25;
const POINTS = 10;
const RATE = 0.01;

const net = (p, x) => apply(p.third, nn.relu(apply(p.second, nn.relu(apply(p.first, x)))));
const loss = (p, x, y) => meanSquaredError(net(p, x), y);

function adapted(p, x, y) {
  const slopes = grad(loss)(tree.ref(p), x, y);
  return tree.map((w, g) => w.sub(g.mul(RATE)), p, slopes);
}

const taskLoss = (p, support, query) => loss(adapted(p, support.x, support.y), query.x, query.y);
const axes = { x: 0, y: 0 };
const metaLoss = (p, support, query) => np.mean(vmap(taskLoss, [null, axes, axes])(p, support, query));

const step = adamStep(metaLoss);

/** Rows of every task. */
function draw() {
  const parts = [new Float32Array(TASKS * POINTS), new Float32Array(TASKS * POINTS)];
  const labels = parts.map((x) => new Float32Array(x.length));
  for (let task = 0; task < TASKS; task++) {
    const [amplitude, phase] = [0.1 + Math.random() * 4.9, Math.random() * Math.PI];
    parts.forEach((x, part) => {
      for (let i = task * POINTS; i < (task + 1) * POINTS; i++) {
        x[i] = Math.random() * 10 - 5;
        labels[part][i] = amplitude * Math.sin(x[i] - phase);
      }
    });
  }
  const array = (data) => np.array(data).reshape([TASKS, POINTS, 1]);
  return parts.map((x, part) => ({ x: array(x), y: array(labels[part]) }));
}

async function measure(repeats) {
  await init("wasm");
  defaultDevice("wasm");
  const params = { first: dense(1, 40), second: dense(40, 40), third: dense(40, 1) };
  let state = adamState(params);
  let last = Number.NaN;
  const run = async (n) => {
    for (let i = 0; i < n; i++) {
      const [value, next] = step(state, ...draw());
      state = next;
      last = value.dataSync()[0];
    }
  };
  await run(1); // compiles
  const measured = await timed(run, repeats);
  if (!Number.isFinite(last)) throw new Error(`the loss is ${last}`);
  return { ...measured, loss: last, note: "jax-js (wasm), vmap and jit" };
}

try {
  console.log(JSON.stringify(await measure(Number(process.argv[2]))));
} catch (error) {
  console.log(JSON.stringify({ cannot: String(error.message).split("\n")[0].slice(0, 120) }));
}
process.exit(0);
