import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { emittedDocument, outFolder, typeErrors } from "../emitted/emit.js";
import { randomCase } from "./models.js";
import { randomOf, type Random } from "./random.js";

/** `npm run fuzz -- modules --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 50);

/** Names that mean something in TypeScript, in the runtime or in the module itself. */
const words = (
  "default constructor __proto__ prototype arguments eval await yield async static let enum package interface number string " +
  "undefined NaN Infinity globalThis Map Float32Array Object Symbol descriptor createModel checkStart startModel Types Inputs " +
  "Labels Row LabelledRow Predictions Losses Metrics Model ModelDescriptor kernels nnspec tf float state result argument room " +
  "scratch temporary step update predict evaluate init toString hasOwnProperty valueOf then export function typeof void null"
).split(" ");

const isName = (word: string) =>
  compile(`model M { input ${word}: float[2]  task t { output = ${word} |> dense(1)  label: float  loss: mse } }
train { epochs: 1 }`).document !== undefined;
const names = words.filter(isName);

const texts = ["*/", "`${1}`", 'a"b', "\\\\", "</script>", "\\n", "// @ts-ignore", "’", "\\t'"];

/** A random model in whose spec names, classes and comments are such as could break out of a module. */
function hostileSpec(at: number): string {
  const random = randomOf(at);
  const { spec } = randomCase(at);
  const own = [...new Set(spec.match(/\b([xvwt]\d|h|trunk|scale|parts)\b/g))];
  const left = [...names];
  const renamed = new Map(own.map((name) => [name, random.chance(0.7) ? taken(left, random) : name]));
  return spec
    .replaceAll(/\b([xvwt]\d|h|trunk|scale|parts)\b/g, (name) => renamed.get(name)!)
    .replaceAll(/label: category\((\d+)\)/g, (whole, classes) =>
      random.chance(0.5) ? `label: category(${classTexts(Number(classes), random)})` : String(whole),
    )
    .replaceAll(/^ {2}(task|input) /gm, (line) =>
      random.chance(0.3) ? `  /// ${random.pick(texts)}\n${line}` : line,
    );
}

function taken(left: string[], random: Random): string {
  return left.splice(random.int(0, left.length - 1), 1)[0]!;
}

function classTexts(classes: number, random: Random): string {
  return Array.from({ length: classes }, (_, i) => `"${random.pick(texts).replaceAll('"', '\\"')}${i}"`).join(
    ", ",
  );
}

const CHUNK = 50;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks.flatMap((first) => (["wasm", "tfjs"] as const).map((target) => [first, target] as const)))(
  "modules from seed %d on %s pass tsc in strict mode, and leave nothing unused",
  (first, target) => {
    const folder = outFolder(`fuzz-${target}`);
    let written = 0;
    for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
      const { document, diagnostics } = compile(hostileSpec(at));
      if (!document)
        throw new Error(`seed ${at}: ${diagnostics.map((d) => d.message).join()}\n${hostileSpec(at)}`);
      writeFileSync(new URL(`seed-${at}.ts`, folder), emittedDocument(document, target));
      written++;
    }
    expect(written).toBeGreaterThan(0);
    expect(typeErrors(folder)).toEqual([]);
  },
);

test.each([
  ["something unused", "const unused = 1;", "'unused' is declared but its value is never read"],
  ["a wrong type", "export const n: number = createModel;", "is not assignable to type 'number'"],
  ["a text that breaks out", "export const s = 'a'b';", "expected"],
])("%s is found where it is planted", (_, line, words) => {
  const folder = outFolder("fuzz-planted");
  const text = emittedDocument(compile(hostileSpec(1)).document!, "wasm");
  writeFileSync(new URL("planted.ts", folder), `${text}\n${line}\n`);
  expect(typeErrors(folder).join("\n")).toContain(words);
});

test("most of the words are names", () => {
  expect(names.length).toBeGreaterThan(40);
});
