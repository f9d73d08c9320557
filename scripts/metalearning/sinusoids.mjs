import { readFileSync } from "node:fs";
import { compile } from "../../dist/src/index.js";
import { median } from "../../bench/timing.mjs";
import { inParallel, markdownTable, show } from "../compare.mjs";
import { train, variant } from "./training.mjs";

const SEEDS = [1, 2, 3];
const STEPS = 70_000;
const INNER = [0, 1, 2, 3, 5, 7, 10];

/** Errors above it are those of steps that go astray: labels are within ±5. */
const WORST = 25;

const METHODS = {
  maml: "maml(order: 2, inner_steps: 1, inner_lr: 0.01)",
  "maml, order 1": "maml(order: 1, inner_steps: 1, inner_lr: 0.01)",
  meta_sgd: "meta_sgd(inner_lr: 0.01)",
  "maml_pp, 3 steps": "maml_pp(inner_steps: 3, inner_lr: 0.01)",
  "reptile, 5 steps": "reptile(inner_steps: 5, inner_lr: 0.01, epsilon: 0.1)",
  "pretrained (supervised)": "supervised(inner_steps: 10, inner_lr: 0.01)",
};

/** A task to look at: ten points on one side, which tell nothing of the other but what was learned before. */
const TASK = {
  amplitude: 4,
  phase: 1,
  support: [-4.6, -4.1, -3.7, -3.2, -2.7, -2.2, -1.6, -1.1, -0.7, -0.2],
};

/** Errors over 600 tasks after so many inner steps, of every method and seed. */
export async function compareSinusoids(quick) {
  const errors = [];
  const task = [];
  const steps = quick ? STEPS / 100 : STEPS;
  const jobs = Object.entries(METHODS).flatMap(([method, algorithm]) =>
    (quick ? SEEDS.slice(0, 2) : SEEDS).map((seed) => async () => {
      const text = variant("sinusoid", [[/algorithm: .*/, `algorithm: ${algorithm}`]]);
      const trained = await train(text, { seed, steps });
      for (const inner of INNER) {
        const { loss } = await trained.evaluate(inner);
        errors.push({ method, seed, inner, error: loss.mean, interval: loss.interval });
      }
      if (seed === 1) task.push(...(await fitted(text, trained.checkpoint, method)));
      console.log(`sinusoids: ${method}, seed ${seed}, ${trained.end.seconds.toFixed(0)} s`);
    }),
  );
  await inParallel(jobs);
  return { errors, task: [...task, ...truth()], text: table(errors, steps) };
}

const label = (x) => TASK.amplitude * Math.sin(x - TASK.phase);
const places = Array.from({ length: 101 }, (_, i) => -5 + i / 10);

function truth() {
  return [
    ...places.map((x) => ({ kind: "truth", x, y: label(x) })),
    ...TASK.support.map((x) => ({ kind: "support", x, y: label(x) })),
  ];
}

/** What a trained model makes of the task after 0, 1 and 10 steps. */
async function fitted(text, checkpoint, method) {
  const model = await compile(text).createMeta();
  await model.load(readFileSync(checkpoint));
  const support = { inputs: { x: TASK.support }, labels: { wave: TASK.support.map(label) } };
  const found = [];
  for (const inner of [0, 1, 10]) {
    const adapted = await model.adapt(support, { steps: inner });
    const { values } = (await adapted.predict({ x: places })).wave;
    places.forEach((x, i) => found.push({ kind: "fit", method, inner, x, y: values[i] }));
  }
  model.dispose();
  return found;
}

function table(errors, steps) {
  const of = (method, inner) =>
    errors.filter((e) => e.method === method && e.inner === inner).map((e) => e.error);
  const rows = Object.keys(METHODS).map((method) => [
    method,
    ...INNER.map((inner) =>
      Math.max(...of(method, inner)) > WORST ? "diverges" : show(of(method, inner), 3),
    ),
  ]);
  const tame = errors.filter(({ error }) => error < WORST);
  const widest = Math.max(...tame.map(({ interval, error }) => interval / error));
  const head = ["", ...INNER.map((n) => `${n} step${n === 1 ? "" : "s"}`)];
  const about = `Mean squared errors of the query over 600 test tasks after so many inner steps: means and standard deviations over ${new Set(errors.map(({ seed }) => seed)).size} seeds of ${steps.toLocaleString("en-US")} meta-steps each. A single model's 95 % interval is at most ${(100 * widest).toFixed(0)} % of its error to both sides.`;
  return `### Sinusoids\n\n${about}\n\n${markdownTable(head, rows)}\n`;
}

/** The middle one of the seeds' errors: a single task that goes astray is not to hide the others. */
export const middleErrors = (errors) =>
  Object.keys(METHODS)
    .flatMap((method) =>
      INNER.map((inner) => {
        const of = errors.filter((e) => e.method === method && e.inner === inner);
        return { method, inner, error: median(of.map(({ error }) => error)) };
      }),
    )
    .filter(({ error }) => error < WORST);
