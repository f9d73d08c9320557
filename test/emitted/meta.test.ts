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

/** Everything that a model that learns to learn does, as numbers. */
async function life(model: MetaModel, drawn: DrawEpisode | undefined): Promise<unknown[]> {
  const options = drawn ? { draw: drawn } : {};
  const losses: number[] = [];
  await model.metaFit({ steps: 10, onStep: ({ loss }) => losses.push(loss), ...options });
  const found = await model.metaEvaluate({ episodes: 5, ...options });
  const [task] = model.descriptor.tasks;
  const width = model.descriptor.inputs[0]!.width;
  const rows = {
    inputs: { [model.descriptor.inputs[0]!.name]: numbers(6 * width, 9) },
    labels: { [task!.name]: [0, 1, 2, 0, 1, 2] },
  };
  const adapted = await model.adapt(rows);
  return [losses, found, await adapted.predict(rows.inputs), await adapted.evaluate(rows)];
}

test.each(
  (["wasm", "tfjs"] as const).flatMap((target) => models.map((model) => [target, ...model] as const)),
)("%s, %s: the module does bitwise what the model in process does", async (target, name, spec, drawn) => {
  const here = await compiled(spec).createMeta({ engine: target, seed: 3 });
  const module = await importModule<MetaModel>(folder, `${target}${name}`, emitted(spec, target));
  const there = await module.createModel({ seed: 3 });
  expect(there.engine).toBe(here.engine);
  const [expected, found] = [await life(here, drawn), await life(there, drawn)];
  expect((found[0] as number[]).length).toBe(10);
  expect(found).toEqual(expected);
  here.dispose();
  there.dispose();
});

test("one file without imports trains as the model in process does, and exports classEpisodes", async () => {
  for (const [name, spec, drawn] of models) {
    const text = emitted(spec, "standalone");
    expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
    const file = join(mkdtempSync(join(tmpdir(), "nnspec-")), `${name}.mjs`);
    writeFileSync(file, text);
    const task = drawn ? "shape" : "wave";
    const script = `
      const { createModel, classEpisodes } = await import(${JSON.stringify(file)});
      const points = Float64Array.from(${JSON.stringify(numbers(160, 5))});
      const names = ${JSON.stringify(names)};
      const classes = Array.from({ length: 40 }, (_, i) => names[i % 4]);
      const draw = ${drawn !== undefined} && classEpisodes({ inputs: { points }, classes }, names, { ways: 3, task: "${task}" });
      const model = await createModel({ seed: 3 });
      const losses = [];
      await model.metaFit({ steps: 10, onStep: ({ loss }) => { losses.push(loss); }, ...(draw ? { draw } : {}) });
      console.log(JSON.stringify(losses));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const here = await compiled(spec).createMeta({ engine: "wasm", seed: 3 });
    expect(JSON.parse(stdout)).toEqual((await life(here, drawn))[0]);
    here.dispose();
  }
});

test("ordinary standalone modules hold nothing of episodes", () => {
  const text = emitted(specText("two-towers"), "standalone");
  expect(text).not.toContain("metaFit");
  expect(emitted(SINUSOID, "standalone")).toContain("metaFit");
});

const use = (body: string) => `import { createModel, type Types } from "./shapes.js";
import { classEpisodes, type DrawEpisode } from "nnspec/runtime";
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

const right = use(`${episode("{ points: [[1, 2, 3, 4]] }", "{ shape: [0] }")}
const adapted = await model.adapt(rows(), { steps: 3 });
const { shape } = await adapted.predict({ points: [[1, 2, 3, 4]] });
const found: number = shape.classes[0]! + (shape.probabilities[0] ?? 0);
const { mean, interval } = (await model.metaEvaluate({ draw, episodes: 10 })).metrics.shape.accuracy;
await model.metaFit({
  draw: classEpisodes({ inputs: { points: new Float64Array(4) }, classes: ["a"] }, ["a"], { ways: 1, task: "shape" }),
});
export const seen = [found, mean, interval, (await adapted.evaluate(rows())).losses.shape];`);

const wrong: Readonly<Record<string, string>> = {
  "a wrong input name": use(episode("{ dots: [[1, 2, 3, 4]] }", "{ shape: [0] }")),
  "a forgotten label": use(episode("{ points: [[1, 2, 3, 4]] }", "{}")),
  "labels that are no classes": use(episode("{ points: [[1, 2, 3, 4]] }", '{ shape: ["round"] }')),
  "a wrong task in the support": use(
    "await model.adapt({ inputs: { points: [[1, 2, 3, 4]] }, labels: { form: [0] } });",
  ),
  "a metric that is not there": use("export const x = (await model.metaEvaluate({})).metrics.shape.auc;"),
  "fit, which such a model has not": use("await model.fit({ inputs: {}, labels: {} });"),
  "classEpisodes of a task that is not there": use(
    'await model.metaFit({ draw: classEpisodes({ inputs: {}, classes: [] }, [], { ways: 1, task: "form" }) });',
  ),
};

test.each(["wasm", "tfjs"] as const)(
  "%s: modules pass tsc in strict mode, mistakes in their use do not",
  (target) => {
    const types = outFolder(`meta-types-${target}`);
    writeFileSync(new URL("shapes.ts", types), emitted(SHAPES("maml"), target));
    for (const [name, spec] of models) writeFileSync(new URL(`${name}.ts`, types), emitted(spec, target));
    writeFileSync(new URL("use.ts", types), right);
    expect(typeErrors(types)).toEqual([]);
    Object.values(wrong).forEach((text, i) => writeFileSync(new URL(`wrong${i}.ts`, types), text));
    const errors = typeErrors(types);
    Object.keys(wrong).forEach((mistake, i) => {
      expect(
        errors.filter((line) => line.includes(`wrong${i}.ts`)),
        mistake,
      ).not.toEqual([]);
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
