import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Model, StepEvent } from "../../src/index.js";
import { compiled, numbers, rows, specText } from "../helpers.js";
import { emitted, importModule, outFolder, typeErrors } from "./emit.js";

const spec = specText("multitask/glyphs");
const [DIGITS, LETTERS] = [40, 24];
const nulls = (count: number) => Array<null>(count).fill(null);

const data = {
  inputs: {
    pixels: [...rows(DIGITS, 64, 1), ...nulls(LETTERS)],
    measures: [...nulls(DIGITS), ...rows(LETTERS, 16, 2)],
  },
  labels: {
    digit: [...numbers(DIGITS, 3).map((x) => Math.floor((x + 1) * 4.99)), ...nulls(LETTERS)],
    letter: [...nulls(DIGITS), ...numbers(LETTERS, 4).map((x) => Math.floor((x + 1) * 12.99))],
  },
  source: [...Array<string>(DIGITS).fill("digits"), ...Array<string>(LETTERS).fill("letters")],
};

test("a module of several files gives bitwise the losses of the model in process", async () => {
  const steps = async (model: Model) => {
    const events: StepEvent[] = [];
    await model.fit(data, { epochs: 2, batch: 8, onStep: (event) => events.push(event) });
    return events;
  };
  const here = await compiled(spec).create({ seed: 3 });
  const module = await importModule(outFolder("sources"), "glyphs", emitted(spec, "wasm"));
  const there = await module.createModel({ seed: 3 });
  const [expected, found] = [await steps(here), await steps(there)];
  expect(found.length).toBeGreaterThan(10);
  expect(found).toEqual(expected);
  const inputs = { measures: data.inputs.measures.slice(DIGITS) };
  expect(await there.predict(inputs)).toEqual(await here.predict(inputs));
  here.dispose();
  there.dispose();
});

test("its types want each row's source, and let inputs go that a source lacks", () => {
  const folder = outFolder("sources-types");
  writeFileSync(new URL("glyphs.ts", folder), emitted(spec, "wasm"));
  const use = (source: string) => `import { createModel } from "./glyphs.js";
const model = await createModel();
const inputs = { pixels: [Array<number>(64).fill(0), null], measures: [null, Array<number>(16).fill(0)] };
await model.fit({ inputs, labels: { digit: [3, null], letter: [null, "A"] }${source} });
const { digit, letter } = await model.predict({ measures: new Float32Array(16) });
console.log(digit?.classes, letter?.classes);
`;
  writeFileSync(new URL("right.ts", folder), use(', source: ["digits", "letters"]'));
  expect(typeErrors(folder)).toEqual([]);
  writeFileSync(new URL("forgotten.ts", folder), use(""));
  writeFileSync(new URL("misspelt.ts", folder), use(', source: ["digit", "letters"]'));
  const errors = typeErrors(folder);
  expect(errors.filter((line) => line.includes("forgotten.ts"))).not.toEqual([]);
  expect(errors.filter((line) => line.includes("misspelt.ts"))).not.toEqual([]);
  expect(errors.filter((line) => line.includes("right.ts"))).toEqual([]);
});
