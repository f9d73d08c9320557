import { expect, test } from "vitest";
import { compile, lowerMetaModel, lowerModel } from "../../src/compile.js";
import { renderAll } from "../../src/diagnostics/render.js";
import type { ModelDocument } from "../../src/document/types.js";
import { loadDocument } from "../../src/phases/load.js";
import { randomOf } from "../fuzz/random.js";
import { samples, specs } from "./corpus.js";
import { documentMutant } from "./document-mutants.js";

/** `npm run fuzz -- documents --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 600);

/** Small models, so that those that are accepted can be lowered too. */
const originals = [...specs, ...samples].flatMap(({ name, text, read }) => {
  const { document } = compile(text, { path: "input.nnspec", read });
  return document && document.nodes.length < 40 ? [{ name, text: JSON.stringify(document) }] : [];
});

/** Loads a document and, where it is accepted, lowers it: what it says, or the stack where something throws. */
function readDocument(text: string, load: typeof loadDocument = loadDocument): string | undefined {
  try {
    const { diagnostics, document } = load(text, "model.json");
    renderAll(diagnostics, { color: false });
    if (document) lowered(document);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function lowered(document: ModelDocument): void {
  const { meta } = document;
  if (meta) lowerMetaModel({ ...document, meta });
  else lowerModel(document);
}

const CHUNK = 200;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("mutants of model documents from seed %d", (first) => {
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
    const random = randomOf(at);
    const { name, text } = random.pick(originals);
    const changed = documentMutant(text, random);
    const thrown = readDocument(changed);
    if (thrown !== undefined) throw new Error(`seed ${at}, of ${name}:\n${changed}\n// ${thrown}`);
  }
});

test("a document that throws is found", () => {
  const [first] = originals;
  expect(readDocument(first!.text)).toBeUndefined();
  const planted = (): never => {
    throw new Error("planted");
  };
  expect(readDocument(first!.text, planted)).toContain("planted");
});
