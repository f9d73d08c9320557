import { expect, test } from "vitest";
import { analyze, compile } from "../../src/compile.js";
import { hasErrors } from "../../src/diagnostics/index.js";
import { renderAll } from "../../src/diagnostics/render.js";
import { toDocument } from "../../src/phases/4-model.js";
import { print } from "../../src/syntax/print.js";
import { samples, specs, type Example } from "./corpus.js";
import { inspect, type Finding, type Front } from "./detectors.js";
import { randomOf } from "../fuzz/random.js";
import { mutant } from "./text-mutants.js";

/** `npm run fuzz -- texts --seed N --count M` looks at others, and at the time that each takes. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 1200);
const limits = process.env["FUZZ_SEED"] === undefined ? {} : { cpu: 2_000 };

function frontOf({ read }: Example): Front {
  return {
    compile: (text) => {
      const analysis = analyze(text, { path: "input.nnspec", read });
      const document = hasErrors(analysis.diagnostics) ? undefined : toDocument(analysis.checked);
      return { ...analysis, document };
    },
    print: (tree) => print(tree),
    render: (diagnostics) => renderAll(diagnostics, { color: false }),
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}

const corpus = [...specs, ...samples];
const donors = corpus.map((example) => example.text);
const originals = new Map(
  corpus.map((example) => [
    example,
    compile(example.text, { path: "input.nnspec", read: example.read }).document,
  ]),
);

const CHUNK = 200;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("mutants of specs and samples from seed %d", (first) => {
  const looked: string[] = [];
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
    const random = randomOf(at);
    const example = random.pick(corpus);
    const text = mutant(example.text, random, donors);
    const found = inspect(frontOf(example), text, limits, originals.get(example));
    const wrong = found.filter(({ what }) => what !== "same document");
    if (wrong.length > 0) throw new Error(failure(at, example, text, wrong));
    const changed = found.length > 0 && withoutTrivia(text) !== withoutTrivia(example.text);
    if (changed) looked.push(failure(at, example, text, found));
  }
  if (looked.length > 0 && process.env["FUZZ_SEED"] !== undefined) console.log(looked.join("\n\n"));
});

function withoutTrivia(text: string): string {
  const { tree } = analyze(text);
  return tree.tokens.all.map((token) => token.text).join(" ");
}

function failure(at: number, { name }: Example, text: string, found: readonly Finding[]): string {
  return [`seed ${at}, of ${name}:`, text, ...found.map(({ what, detail }) => `// ${what}: ${detail}`)].join(
    "\n",
  );
}

const plain = specs.find(({ name }) => name === "penguins.nnspec")!;
const front = frontOf(plain);
const whatOf = (planted: Partial<Front>, text = plain.text) =>
  inspect({ ...front, ...planted }, text, { cpu: 100_000 }).map(({ what }) => what);

test("each detector finds a planted fault", () => {
  expect(whatOf({})).toEqual([]);
  const thrown = () => {
    throw new Error("planted");
  };
  expect(whatOf({ compile: thrown })).toEqual(["throws"]);
  expect(whatOf({ render: thrown })).toEqual(["throws"]);
  expect(whatOf({ print: (tree) => print(tree).replace("relu", "relv") })).toEqual(["lossy"]);
  let clock = 0;
  expect(whatOf({ cpu: () => (clock += 200_000) })).toEqual(["over the bounds"]);
  const noisy: Front["compile"] = (text) => {
    const made = front.compile(text);
    const [one] = front.compile("model M { a }").diagnostics;
    return { ...made, diagnostics: Array.from({ length: 600 }, () => one!) };
  };
  expect(whatOf({ compile: noisy })).toEqual(["over the bounds"]);
  const heavy: Front["compile"] = (text) => {
    const made = front.compile(text);
    return { ...made, checked: { ...made.checked, work: 1e9 } };
  };
  expect(whatOf({ compile: heavy })).toEqual(["over the bounds"]);
  const forgetful: Front["compile"] = (text) => {
    const made = front.compile(text);
    return { ...made, document: made.document && { ...made.document, tasks: made.document.tasks.slice(1) } };
  };
  expect(whatOf({ compile: forgetful })).toEqual(["lost a task"]);
  expect(inspect(front, plain.text, {}, originals.get(plain)).map(({ what }) => what)).toEqual([
    "same document",
  ]);
});
