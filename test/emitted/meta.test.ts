import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { classEpisodes, type DrawEpisode, type MetaModel } from "../../src/index.js";
import { compiled, numbers, specText } from "../helpers.js";
import { emitted, importModule, outFolder, typeErrors } from "./emit.js";

const folder = outFolder("meta");
const SINUSOID = specText("meta/sinusoid").replace("tasks_per_step: 25", "tasks_per_step: 3");

const SHAPES = (algorithm: string) => `
/// Which of the shapes is it?
model Shapes {
  input points: float[4]
  h = points |> dense(6) |> batch_norm |> tanh
  task shape {
    output = h |> dense(ways, softmax)
    label: category(ways)
    loss: categorical_crossentropy
    metrics: [accuracy]
  }
}
meta {
  algorithm: ${algorithm}
  episode: { ways: 3, support: 2, query: 3 }
  tasks_per_step: 2
  norm: support
}`;

const STEPS = 20;
const names = ["round", "square", "flat", "long"];
const draw = classEpisodes(
  {
    inputs: { points: Float64Array.from(numbers(160, 5)) },
    classes: numbers(40, 6).map((_, i) => names[i % 4]!),
  },
  names,
  { ways: 3, task: "shape" },
);

const models: readonly (readonly [name: string, spec: string, draw: DrawEpisode | undefined])[] = [
  ["sinusoid", SINUSOID, undefined],
  ["looped", SINUSOID.replace("inner_steps: 1", "inner_steps: 3, unroll: false"), undefined],
  ["maml", SHAPES("maml(inner_steps: 2, inner_lr: 0.1)"), draw],
  ["relation", SHAPES("relation(embed: h)"), draw],
];

const rowsFor = (drawn: DrawEpisode | undefined) =>
  drawn
    ? { inputs: { points: numbers(24, 9) }, labels: { shape: [0, 1, 2, 0, 1, 2] } }
    : { inputs: { x: numbers(6, 9) }, labels: { wave: numbers(6, 10) } };

/** Everything that a model that learns to learn does, as numbers; runs in any host, so it closes over nothing. */
async function life(
  model: MetaModel,
  draw: DrawEpisode | undefined,
  rows: { readonly inputs: object; readonly labels: object },
  steps: number,
): Promise<unknown[]> {
  const options = draw ? { draw } : {};
  const given = rows as Parameters<MetaModel["adapt"]>[0];
  const losses: number[] = [];
  await model.metaFit({ steps, onStep: ({ loss }) => losses.push(loss), ...options });
  const found = await model.metaEvaluate({ episodes: 5, ...options });
  const adapted = await model.adapt(given);
  return [losses, found, await adapted.predict(given.inputs), await adapted.evaluate(given)];
}

test.each(
  (["wasm", "tfjs"] as const).flatMap((target) => models.map((model) => [target, ...model] as const)),
)("%s, %s: the module does bitwise what the model in process does", async (target, name, spec, drawn) => {
  const here = await compiled(spec).createMeta({ engine: target, seed: 3 });
  const module = await importModule<MetaModel>(folder, `${target}${name}`, emitted(spec, target));
  const there = await module.createModel({ seed: 3 });
  expect(there.engine).toBe(here.engine);
  const rows = rowsFor(drawn);
  const [expected, found] = [await life(here, drawn, rows, STEPS), await life(there, drawn, rows, STEPS)];
  expect((found[0] as number[]).length).toBe(STEPS);
  expect(found).toEqual(expected);
  here.dispose();
  there.dispose();
});

test("one file without imports does what the model in process does, and exports classEpisodes", async () => {
  for (const [name, spec, drawn] of models) {
    const text = emitted(spec, "standalone");
    expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
    const file = join(mkdtempSync(join(tmpdir(), "nnspec-")), `${name}.mjs`);
    writeFileSync(file, text);
    const script = `
      const { createModel, classEpisodes } = await import(${JSON.stringify(file)});
      const points = Float64Array.from(${JSON.stringify(numbers(160, 5))});
      const names = ${JSON.stringify(names)};
      const classes = Array.from({ length: 40 }, (_, i) => names[i % 4]);
      const draw = ${drawn !== undefined} ? classEpisodes({ inputs: { points }, classes }, names, { ways: 3, task: "shape" }) : undefined;
      const life = ${life.toString()};
      const model = await createModel({ seed: 3 });
      console.log(JSON.stringify(await life(model, draw, ${JSON.stringify(rowsFor(drawn))}, ${STEPS})));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const here = await compiled(spec).createMeta({ engine: "wasm", seed: 3 });
    const expected = await life(here, drawn, rowsFor(drawn), STEPS);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)));
    here.dispose();
  }
});

test("ordinary standalone modules hold nothing of episodes", () => {
  const text = emitted(specText("two-towers"), "standalone");
  expect(text).not.toContain("metaFit");
  expect(emitted(SINUSOID, "standalone")).toContain("metaFit");
});

const use = (body: string) => `import { createModel, type Types } from "./shapes.js";
import { classEpisodes, groupEpisodes, type DrawEpisode } from "nnspec/runtime";
void [classEpisodes, groupEpisodes];
export type Draw = DrawEpisode<Types>;
const model = await createModel({ seed: 7 });
${body}
`;

const episode = (inputs: string, labels: string) => `
const rows = () => ({ inputs: ${inputs}, labels: ${labels} });
const draw: DrawEpisode<Types> = (uniform, { support }) => {
  void (uniform() + support);
  return { support: rows(), query: rows() };
};
await model.metaFit({ steps: 5, draw, onStep: ({ step, loss }) => void (step + loss) });`;

const ofClasses = (input: string, task: string) =>
  `await model.metaFit({ draw: classEpisodes({ inputs: { ${input}: new Float64Array(4) }, classes: ["a"] }, ["a"], { ways: 1, task: "${task}" }) });`;

const ofGroups = (input: string, label: string) =>
  `await model.metaFit({ draw: groupEpisodes({ inputs: { ${input}: new Float64Array(4) }, labels: { ${label}: new Float64Array(1) }, groups: ["a"] }, ["a"]) });`;

const right = use(`${episode("{ points: [[1, 2, 3, 4]] }", "{ shape: [0] }")}
const adapted = await model.adapt(rows(), { steps: 3 });
const { shape } = await adapted.predict({ points: [[1, 2, 3, 4]] });
const found: number = shape.classes[0]! + (shape.probabilities[0] ?? 0);
const { mean, interval } = (await model.metaEvaluate({ draw, episodes: 10 })).metrics.shape.accuracy;
${ofClasses("points", "shape")}
${ofGroups("points", "shape")}
export const seen = [found, mean, interval, (await adapted.evaluate(rows())).losses.shape];`);

/** Mistakes, and the word that the message must have. */
const wrong: Readonly<Record<string, readonly [text: string, word: string]>> = {
  "a wrong input name": [use(episode("{ dots: [[1, 2, 3, 4]] }", "{ shape: [0] }")), "dots"],
  "a forgotten label": [use(episode("{ points: [[1, 2, 3, 4]] }", "{}")), "labels: {}"],
  "labels that are no classes": [
    use(episode("{ points: [[1, 2, 3, 4]] }", '{ shape: ["round"] }')),
    "string",
  ],
  "a wrong task in the support": [
    use("await model.adapt({ inputs: { points: [[1, 2, 3, 4]] }, labels: { form: [0] } });"),
    "form",
  ],
  "an input that predictions lack": [
    use(
      "const adapted = await model.adapt({ inputs: { points: [[1, 2, 3, 4]] }, labels: { shape: [0] } });\nawait adapted.predict({});",
    ),
    "points",
  ],
  "a metric that is not there": [
    use("export const x = (await model.metaEvaluate({})).metrics.shape.auc;"),
    "auc",
  ],
  "fit, which such a model has not": [use("await model.fit({ inputs: {}, labels: {} });"), "fit"],
  "classEpisodes of a task that is not there": [use(ofClasses("points", "form")), "form"],
  "classEpisodes of an input that is not there": [use(ofClasses("dots", "shape")), "dots"],
  "groupEpisodes of a label that is not there": [use(ofGroups("points", "form")), "form"],
};

test.each(["wasm", "tfjs"] as const)(
  "%s: modules pass tsc in strict mode, mistakes in their use do not",
  (target) => {
    const types = outFolder(`meta-types-${target}`);
    writeFileSync(new URL("shapes.ts", types), emitted(SHAPES("maml"), target));
    for (const [name, spec] of models) writeFileSync(new URL(`${name}.ts`, types), emitted(spec, target));
    writeFileSync(new URL("use.ts", types), right);
    expect(typeErrors(types)).toEqual([]);
    Object.values(wrong).forEach(([text], i) => writeFileSync(new URL(`wrong${i}.ts`, types), text));
    const errors = typeErrors(types);
    Object.entries(wrong).forEach(([mistake, [, word]], i) => {
      const found = errors.filter((line) => line.includes(`wrong${i}.ts`));
      expect(found, mistake).toHaveLength(1);
      expect(found[0], mistake).toContain(word);
    });
    expect(errors.filter((line) => !/wrong\d+\.ts/.test(line))).toEqual([]);
  },
);

test.each(models)("%s: the module reads well", (_name, spec) => {
  const text = emitted(spec, "tfjs");
  expect(text.split("\n").filter((line) => line.length > 140)).toEqual([]);
  expect(text).not.toMatch(/\bv\d+ =/);
  for (const doc of [
    "Where a task begins",
    "One task of a meta-step",
    "The tasks' outputs after adaptation.",
  ])
    expect(text).toContain(doc);
});

test("inner steps are told from the query's pass, and weights are called what they are after a step", () => {
  const text = emitted(SINUSOID.replace("inner_steps: 1", "inner_steps: 2"), "tfjs");
  const program = (name: string) => new RegExp(`const ${name}: [^]*?\n};`).exec(text)![0];
  const heads = (name: string) => [...program(name).matchAll(/\/\/ ---- (.*) ----/g)].map((m) => m[1]);
  const step = ["forward pass and losses", "gradients", "weights"].map((part) => `Inner step: ${part}`);
  expect(heads("gradients")).toEqual([...step, ...step, "Forward pass and losses", "Gradients", "Updates"]);
  expect(heads("adapt")).toEqual(step);
  for (const line of [
    "const d_wave_dense_2_bias = tf.sum(d_wave_dense_2_select, [0], false);",
    "const adapted_wave_dense_bias = tf.sub(wave_dense_bias, wave_dense_bias_mul);",
    "const adapted_wave_dense_bias_2 = tf.sub(adapted_wave_dense_bias, wave_dense_bias_mul_2);",
    "const new_wave_dense_bias_gradient = tf.add(wave_dense_bias_gradient, d_wave_dense_bias_3);",
  ])
    expect(program("gradients")).toContain(line);
  expect(program("adapt")).toContain("// Loss of wave: mse()");
});

test("a loop of inner steps shows a step as it is where they stand one by one", () => {
  const text = emitted(SINUSOID.replace("inner_steps: 1", "inner_steps: 3, unroll: false"), "tfjs");
  const gradients = /const gradients: [^]*?\n};/.exec(text)![0];
  const heads = [...gradients.matchAll(/\/\/ ---- (.*) ----/g)].map((m) => m[1]);
  expect(heads).toEqual([
    "Inner steps",
    "Inner step: forward pass and losses",
    "Inner step: gradients",
    "Inner step: weights",
    "Forward pass and losses",
    "Gradients",
    "Updates",
  ]);
  for (const line of [
    "const adapted_wave_dense_bias_mul = tf.mul(d_adapted_wave_dense_bias, c0_01_2);",
    "const adapted_wave_dense_bias = kernels.at(inner_loop, 1);",
    "const wave_dense_matMul = kernels.matMul(tf, query_inputs_x, adapted_wave_dense_kernel, false, false);",
  ])
    expect(gradients).toContain(line);
});

test("what holds weights back in a step is a part of it", () => {
  const text = emitted(SHAPES("imaml(inner_steps: 2, cg_steps: 1)"), "tfjs");
  const heads = [...text.matchAll(/\/\/ ---- (.*) ----/g)].map((m) => m[1]!);
  expect(heads.filter((head) => head === "Inner step: weights")).toHaveLength(3);
});
