import { inParallel, markdownTable, show, statistics } from "../compare.mjs";
import { train, variant } from "./training.mjs";

const SEEDS = [1, 2, 3, 4, 5];
const SHOTS = [1, 5];

/** Two settings each, of which validation tasks choose one with the first seed. */
const rates = (algorithm) => [0.05, 0.2].map((lr) => algorithm(lr));
const METHODS = (input) => ({
  "raw prototypes": { choices: [`protonet(embed: ${input})`], steps: 1 },
  "untrained network, prototypes": { choices: ["protonet(embed: h)"], steps: 1, still: true },
  "untrained network, fine-tuned": {
    choices: rates((lr) => `maml(inner_steps: 20, inner_lr: ${lr})`),
    steps: 1,
    still: true,
  },
  "supervised, fine-tuned": {
    choices: rates((lr) => `supervised(embed: h, inner_steps: 20, inner_lr: ${lr})`),
  },
  "maml, order 1": { choices: rates((lr) => `maml(order: 1, inner_steps: 5, inner_lr: ${lr})`) },
  maml: { choices: rates((lr) => `maml(order: 2, inner_steps: 5, inner_lr: ${lr})`) },
  maml_pp: { choices: rates((lr) => `maml_pp(inner_steps: 5, inner_lr: ${lr})`) },
  meta_sgd: { choices: rates((lr) => `meta_sgd(inner_steps: 5, inner_lr: ${lr})`) },
  anil: { choices: rates((lr) => `anil(inner_steps: 5, inner_lr: ${lr})`) },
  boil: { choices: rates((lr) => `boil(inner_steps: 5, inner_lr: ${lr})`) },
  reptile: { choices: rates((lr) => `reptile(inner_steps: 10, inner_lr: ${lr}, epsilon: 0.5)`) },
  imaml: { choices: rates((lr) => `imaml(inner_steps: 10, inner_lr: ${lr}, strength: 1)`) },
  matching: { choices: ["matching(embed: h)"] },
  relation: { choices: ["relation(embed: h)", "relation(embed: h, hidden: 32)"] },
  protonet: { choices: ["protonet(embed: h)", "protonet(embed: h, distance: cosine)"] },
});

export const CLASSES = [
  {
    name: "letters",
    title: "Few-shot letters",
    input: "measures",
    task: "letter",
    steps: 2000,
    about:
      "5-way; 16 letters are trained on, 4 choose the model and its setting, 6 are the test's. 16 measures a letter (UCI Letter Recognition).",
  },
  {
    name: "digits",
    title: "Few-shot digits: too few classes",
    input: "image",
    task: "digit",
    steps: 1000,
    about:
      "4-way; trained on 0 to 5, tested on 6 to 9. Nothing is left to choose by, and every method takes its first setting and its last weights.",
  },
];

/** Accuracies over 600 test tasks of every method, shots and seed. */
export async function compareClasses(dataset, quick) {
  const results = [];
  const methods = Object.entries(METHODS(dataset.input));
  const jobs = SHOTS.flatMap((shots) =>
    methods.map(([method, spec]) => async () => {
      const found = await measure(dataset, { shots, ...spec }, quick);
      results.push({ method, shots, ...found });
      console.log(`${dataset.name}: ${method}, ${shots} of a class, ${show(found.accuracies, 3)}`);
    }),
  );
  await inParallel(jobs);
  return { name: dataset.name, results, text: table(dataset, methods, results) };
}

async function measure(dataset, { shots, choices, still = false, steps = dataset.steps }, quick) {
  const lines = [
    [/support: \d+/, `support: ${shots}`],
    ...(still ? [[/optimizer: .*/, "optimizer: sgd(lr: 0)"]] : []),
  ];
  const trainOne = async (algorithm, seed) => {
    const text = variant(dataset.name, [[/algorithm: .*/, `algorithm: ${algorithm}`], ...lines]);
    return train(text, { seed, steps: quick ? Math.ceil(steps / 100) : steps });
  };
  const first = [];
  for (const algorithm of choices) first.push({ algorithm, trained: await trainOne(algorithm, SEEDS[0]) });
  const chosen = first.reduce((best, each) =>
    validated(dataset, each.trained) > validated(dataset, best.trained) ? each : best,
  );
  const all = [chosen.trained];
  for (const seed of quick ? SEEDS.slice(1, 2) : SEEDS.slice(1))
    all.push(await trainOne(chosen.algorithm, seed));
  const accuracy = all.map(({ end }) => end.metrics[dataset.task].accuracy);
  return {
    algorithm: chosen.algorithm,
    accuracies: accuracy.map(({ mean }) => mean),
    intervals: accuracy.map(({ interval }) => interval),
    seconds: statistics(all.map(({ end }) => end.seconds)).mean,
  };
}

/** The best accuracy on validation tasks; the same for all where there are none. */
function validated({ task }, { steps }) {
  return Math.max(0, ...steps.flatMap(({ validation }) => validation?.metrics[task].accuracy.mean ?? []));
}

function table({ title, about, name, steps }, methods, results) {
  const cells = (method) =>
    SHOTS.map((shots) => results.find((r) => r.method === method && r.shots === shots));
  const rows = methods.map(([method]) => [
    method,
    ...cells(method).flatMap(({ accuracies, intervals }) => [
      show(accuracies, 3),
      `± ${Math.max(...intervals).toFixed(3)}`,
    ]),
    cells(method)
      .map(({ algorithm }) => `\`${algorithm}\``)
      .filter((text, i, all) => all.indexOf(text) === i)
      .join(", "),
  ]);
  const head = ["", "1 of a class", "interval", "5 of a class", "interval", "algorithm"];
  const how = `Accuracies on ${600} test tasks, the same for all methods: means and standard deviations over five seeds of at most ${steps.toLocaleString("en-US")} meta-steps with ${name}.nnspec, and the largest 95 % interval of a single model.`;
  return `### ${title}\n\n${about} ${how}\n\n${markdownTable(head, rows)}\n`;
}
