import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { componentKinds, entriesOf } from "../../src/library/index.js";
import { literalsOf } from "./literals.js";

const root = new URL("../../src/", import.meta.url);

/** The rooms of the entries themselves, and rooms that know no library: there these words name primitives. */
const elsewhere = [
  /^library\//,
  /^runtime\/(metrics|transforms|samplers|families)\//,
  /^(tensor|backends)\//,
  /\.generated\.ts$/,
];

/** Words that are names of entries too, and mean something else in these rooms. */
const homonyms: readonly { readonly word: string; readonly rooms: RegExp; readonly means: string }[] = [
  { word: "clip", rooms: /^(document|phases)\//, means: "the kind of entries that bound gradients" },
  { word: "column", rooms: /^(document|syntax|phases)\//, means: "a kind of parameter and of literal" },
  { word: "constant", rooms: /^(emit|phases|runtime)\//, means: "a kind of name, and of a program's values" },
  { word: "cosine", rooms: /^cli\//, means: "the head of a table's column" },
  { word: "early", rooms: /^runtime\//, means: "how a training ended" },
  { word: "linear", rooms: /^(model|phases)\//, means: "what an output without a link ends with" },
  { word: "mean", rooms: /^cli\//, means: "the head of a table's column" },
  { word: "sigmoid", rooms: /^runtime\//, means: "a task's link" },
  { word: "step", rooms: /^(cli|emit|engines|phases|runtime)\//, means: "the program of a training step" },
  { word: "take", rooms: /^runtime\//, means: "what a worker is told" },
  { word: "value", rooms: /^(cli|document|emit|phases|syntax)\//, means: "a kind of parameter or name" },
  { word: "value", rooms: /^runtime\//, means: "the best value of a criterion, in a checkpoint" },
  { word: "weighted", rooms: /^runtime\//, means: "a loss with the weights of its rows, in a checkpoint" },
  { word: "weight", rooms: /^(syntax|phases)\//, means: "a kind of declaration" },
  { word: "weight", rooms: /^runtime\//, means: "a call of a model" },
];

const isHomonym = (file: string, value: string): boolean =>
  homonyms.some(({ word, rooms }) => word === value && rooms.test(file));

const names = new Set(componentKinds().flatMap((kind) => entriesOf(kind).map((entry) => entry.name)));

/** Where a file outside the library knows an entry by its name. */
function known(file: string, text: string): string[] {
  return literalsOf(text)
    .filter(({ value, isType, isIndex }) => names.has(value) && !isType && !isIndex)
    .filter(({ value }) => !isHomonym(file, value))
    .map(({ value, line }) => `${file}:${line} "${value}"`);
}

test("entries are known by what they say of themselves, and nowhere by their names", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !elsewhere.some((room) => room.test(file)));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => known(file, readFileSync(new URL(file, root), "utf8")))).toEqual([]);
});

test.each([
  'if (node.layer === "batch_norm") return;',
  'switch (name) { case "dropout": return; }',
  'const layers = new Set(["conv2d"]);',
  'entry("balancer", "pcgrad");',
  'const hint = `Use ${name === "adam" ? `\\`${name}\\`` : "sgd"}.`; // "gd"',
  'const balance = { name: "uncertainty", options: {} };',
])("a name that is planted is found: %s", (text) => {
  expect(known("cli/planted.ts", text)).not.toEqual([]);
});

test("types, keys that are read, comments and imports name no entry", () => {
  const text = `import { adam } from "adam";
// "adam"
type Link = "sigmoid" | "softmax";
const shares = options["weighted"];
const text = \`adam "adam"\`;
`;
  expect(known("cli/planted.ts", text)).toEqual([]);
});

test("no word is allowed that stands nowhere", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  const used = new Set(
    files.flatMap((file) => literalsOf(readFileSync(new URL(file, root), "utf8")).map((l) => l.value)),
  );
  expect(homonyms.filter(({ word }) => !used.has(word) || !names.has(word))).toEqual([]);
});
