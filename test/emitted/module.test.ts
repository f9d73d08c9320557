import { readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Model, StepEvent } from "../../src/index.js";
import { compiled, numbers, rows, specText } from "../helpers.js";
import { emitted, emittedDocument, importModule, outFolder, typeErrors } from "./emit.js";

const folder = outFolder("module");

const penguins = {
  inputs: {
    measures: rows(70, 3).map((row, i) => (i === 5 ? [null, row[1]!, row[2]!] : row)),
    island: numbers(70, 2).map((x) => (x < -0.3 ? "Biscoe" : x < 0.3 ? "Dream" : "Torgersen")),
  },
  labels: {
    species: numbers(70, 3).map((x) => (x < 0 ? "Adelie" : "Gentoo")),
    mass: numbers(70, 4).map((x, i) => (i % 9 === 0 ? null : 4000 + 500 * x)),
    sex: numbers(70, 5).map((x, i) => (i % 7 === 0 ? null : x < 0 ? "female" : "male")),
  },
};

const digits = {
  inputs: { image: Float32Array.from(numbers(40 * 64, 6), (x) => 8 + 8 * x) },
  labels: { digit: numbers(40, 7).map((x) => Math.floor((x + 1) * 4.99)) },
};

const towers = {
  inputs: { x1: rows(80, 10, 8), x2: rows(80, 10, 9) },
  labels: {
    first: numbers(80, 10).map((x) => Number(x > 0)),
    second: numbers(80, 11).map((x) => Number(x > 0)),
  },
};

const series = {
  inputs: { s: Float32Array.from(numbers(20 * 21, 12)) },
  labels: { y: numbers(20, 13).map((x) => Number(x > 0)) },
};

/** Loops, and gradients that wait for their update. */
const SERIES = `model Series {
  input s: float[7, 3]
  task y {
    output = s |> lstm(5) |> dense(2, softmax)
    label: category(2)
    loss: categorical_crossentropy
  }
}
train { optimizer: adam(lr: 0.01)  epochs: 1  batch: 4  accumulate: 2 }
`;

/** Tasks enough that there are more of them than a vector has lanes. */
const SIX = `model Six {
  input x: float[3]
  h = x |> dense(4, tanh)
  ${[..."abcdef"].map((task) => `task ${task} { output = h |> dense(1)  label: float  loss: mse }`).join("\n")}
}
train { optimizer: adam(lr: 0.01)  balance: mgda  epochs: 1  batch: 8 }
`;

const six = {
  inputs: { x: rows(40, 3, 14) },
  labels: Object.fromEntries([..."abcdef"].map((task, i) => [task, numbers(40, 20 + i)])),
};

async function steps(model: Model, data: { inputs: object; labels: object }): Promise<StepEvent[]> {
  const events: StepEvent[] = [];
  await model.fit(data as never, { epochs: 4, onStep: (event) => events.push(event) });
  return events;
}

const models = [
  ["two-towers", specText("two-towers"), towers],
  ["penguins", specText("penguins"), penguins],
  ["digits", specText("digits"), digits],
  ["series", SERIES, series],
  ["six", SIX, six],
] as const;

const targets = ["tfjs", "wasm"] as const;

test.each(targets.flatMap((target) => models.map((model) => [target, ...model] as const)))(
  "%s, %s: the module gives bitwise the losses and predictions of the model in process",
  async (target, name, text, data) => {
    const here = await compiled(text).create({ engine: target, seed: 3 });
    const module = await importModule(folder, `${target}${name.replace("-", "")}`, emitted(text, target));
    const there = await module.createModel({ seed: 3 });
    expect(there.engine).toBe(here.engine);
    const [expected, found] = [await steps(here, data), await steps(there, data)];
    expect(found.length).toBeGreaterThan(4);
    expect(found).toEqual(expected);
    expect(await there.predict(data.inputs as never)).toEqual(await here.predict(data.inputs as never));
    expect(await there.evaluate(data as never)).toEqual(await here.evaluate(data as never));
    here.dispose();
    there.dispose();
  },
);

const specs = readdirSync(new URL("../../specs/", import.meta.url))
  .filter((file) => file.endsWith(".nnspec"))
  .map((file) => file.slice(0, -".nnspec".length));

/** Every variable and parameter of a module's `run` functions, a list a function. */
function variablesOf(text: string): string[][] {
  return text
    .split("run: kernels.body(")
    .slice(1)
    .map((body) => {
      const parameters = /^\(([^)]*)\) =>/.exec(body)![1]!;
      const constants = [...body.matchAll(/^ {4}const (\S+) =/gm)].map((m) => m[1]!);
      return [...parameters.split(",").map((p) => p.trim()), ...constants].filter((name) => name !== "");
    });
}

test.each([...specs.map((name) => [name, specText(name)] as const), ["series", SERIES] as const])(
  "%s: the module reads well",
  (_name, spec) => {
    const text = emitted(spec, "tfjs");
    const lines = text.split("\n");
    // Only a row of one long name may be longer.
    expect(lines.filter((line) => line.length > 110 && !line.includes("{ name: "))).toEqual([]);
    expect(text).not.toMatch(/\bv\d+ =/);
    for (const variables of variablesOf(text)) {
      expect(new Set(variables).size).toBe(variables.length);
      expect(variables.filter((v) => !/^[A-Za-z_]\w*$/.test(v))).toEqual([]);
    }
    expect(emitted(spec, "tfjs")).toBe(text);
  },
);

test("variables are called after weights, inputs and nodes; comments say where they come from", () => {
  const text = emitted(specText("two-towers"), "tfjs");
  expect(text).toContain(
    "const first_dense_matMul = kernels.matMul(tf, x1, first_dense_kernel, false, false);",
  );
  expect(text).toContain("const d_first_dense_kernel = ");
  expect(text).toContain("const new_first_dense_kernel_m = ");
  expect(text).toContain("const loss_first = ");
  for (const line of [
    "// first.dense: dense(units: 10, activation: relu)",
    "// ---- Forward pass and losses ----",
    "// ---- Gradients ----",
    "// ---- Updates ----",
  ])
    expect(text).toContain(`\n    ${line}\n`);
});

test.each(targets)(
  "%s: modules pass tsc in strict mode; a forgotten task or a wrong input name does not",
  (target) => {
    const types = outFolder(`types-${target}`);
    writeFileSync(new URL("series.ts", types), emitted(SERIES, target));
    for (const name of specs) writeFileSync(new URL(`${name}.ts`, types), emitted(specText(name), target));
    const use = (body: string) => `import { createModel } from "./penguins.js";
const model = await createModel({ seed: 7 });
const measures = [[39.1, 18.7, 181], [39.5, null, 186]];
const island = ["Torgersen", "Biscoe"] as const;
const labels = { species: ["Adelie", "Gentoo"] as const, mass: [3750, null], sex: [null, "male"] as const };
${body}
export {};
`;
    const write = (name: string, body: string) => writeFileSync(new URL(`${name}.ts`, types), use(body));
    write(
      "good",
      `await model.fit({ inputs: { measures, island }, labels }, { epochs: 2, onEpochEnd: (e) => console.log(e.losses.species, e.metrics.mass.mae) });
const { species, mass } = await model.predict({ measures, island });
const first: "Adelie" | "Chinstrap" | "Gentoo" = species.classes[0]!;
const report = await model.evaluate({ inputs: { measures, island }, labels });
const file: Uint8Array = await model.save();
await model.load(file);
await model.fit([{ measures: [39.1, null, 181], island: "Dream", species: "Gentoo", mass: null }]);
const row = { bill_length_mm: 39.1, bill_depth_mm: null, flipper_length_mm: 181, island: "Biscoe" } as const;
await model.partialFit([{ ...row, species: "Adelie", body_mass_g: 3750, sex: "male" }]);
await model.predict([row]);
const one = await model.predictOne({ bill_length_mm: 39.1, bill_depth_mm: null, flipper_length_mm: 181, island: "Biscoe" });
console.log(first, mass.values, report.metrics.sex.auc, one.mass + 1, one.species.probabilities.Gentoo);
model.dispose();`,
    );
    write(
      "forgotten",
      `const { mass: _, ...rest } = labels;\nawait model.fit({ inputs: { measures, island }, labels: rest });`,
    );
    write("unlabelled-row", `await model.fit([{ measures: [1, 2, 3], island: "Dream", mass: 3750 }]);`);
    write(
      "misspelled-row",
      `await model.fit([{ measures: [1, 2, 3], island: "Dream", species: "Gentu", mass: null }]);`,
    );
    write("misnamed", `await model.fit({ inputs: { measure: measures, island }, labels });`);
    write(
      "misspelled",
      `await model.fit({ inputs: { measures, island: ["Torgerson", "Biscoe"] as const }, labels });`,
    );
    write(
      "unlabelled",
      `await model.fit({ inputs: { measures, island }, labels: { ...labels, species: ["Adelie", null] as const } });`,
    );
    const errors = typeErrors(types);
    const files = (line: string) => /([\w-]+)\.ts\(/.exec(line)?.[1];
    expect(new Set(errors.map(files))).toEqual(
      new Set(["forgotten", "misnamed", "misspelled", "misspelled-row", "unlabelled", "unlabelled-row"]),
    );
    const wrongIn = (name: string) =>
      errors.filter((e) => files(e) === name && !e.includes("TS6133")).join("\n");
    expect(wrongIn("unlabelled-row")).toContain("Property 'species' is missing");
    expect(wrongIn("misspelled-row")).toContain(`'"Gentu"' is not assignable`);
    expect(errors.find((e) => files(e) === "forgotten")).toContain("mass");
    expect(errors.find((e) => files(e) === "misnamed")).toContain("measure");
  },
);

const HOSTILE = [
  "model M {",
  "  /// Ends here: */ `${process.exit(1)}` \\u2028 and goes on",
  '  input class: category("a\\"b", "`${1}`", "*/", "\\\\", "\\n", "\\u2028")',
  "  input constructor: float[2]",
  "  input kernels: float[2]",
  "  input tf: float[2]",
  "  input B: float[2]",
  "  input arguments: float[2]",
  "  input step: float[2]",
  "  input one: float[2]",
  "  input words: float[2]",
  "  input k: float[2]",
  "  input outside: float[2]",
  "  task default {",
  "    output = concat(class |> one_hot, constructor, kernels, tf, B, arguments, step, one, words, k, outside) |> dense(1, sigmoid) as function",
  '    label: binary("</script>", "\\"")',
  "    loss: binary_crossentropy",
  "    metrics: [accuracy]",
  "  }",
  "}",
  "train { epochs: 2  batch: 4 }",
].join("\n");

test.each(targets)("%s: names and strings that mean something in TypeScript do no harm", async (target) => {
  const text = emitted(HOSTILE, target);
  const types = outFolder(`hostile-${target}`);
  writeFileSync(new URL("hostile.ts", types), text);
  expect(typeErrors(types)).toEqual([]);
  const module = await importModule(folder, `hostile${target}`, text);
  const model = await module.createModel({});
  const names = ["constructor", "kernels", "tf", "B", "arguments", "step", "one", "words", "k", "outside"];
  const inputs = {
    class: ['a"b', "`${1}`", "*/", "\\", "\n", "\u2028"],
    ...Object.fromEntries(names.map((name, i) => [name, rows(6, 2, i + 1)])),
  };
  await model.fit({ inputs, labels: { default: ["</script>", '"', "</script>", '"', '"', '"'] } });
  const { default: found } = await model.predict(inputs);
  expect(["</script>", '"']).toEqual(expect.arrayContaining((found as { classes: string[] }).classes));
  model.dispose();
});

test.each(targets)("%s: a model document's own names and origins do no harm", (target) => {
  const { document } = compiled(specText("two-towers"));
  const evil = "x */ \n } process.exit(1) // \u2028 `${1}`";
  const nodes = document.nodes.map((node) =>
    node.id === "first.dense"
      ? { ...node, id: evil, layer: node.layer }
      : { ...node, inputs: node.inputs.map((i) => (i === "first.dense" ? evil : i)) },
  );
  const text = emittedDocument({ ...document, nodes, doc: evil }, target);
  const types = outFolder(`evil-${target}`);
  writeFileSync(new URL("evil.ts", types), text);
  expect(typeErrors(types)).toEqual([]);
  expect(text).not.toMatch(/^\s*}? *process\.exit/m);
});
