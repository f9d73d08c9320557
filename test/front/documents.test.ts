import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { renderAll } from "../../src/diagnostics/render.js";
import type { ModelDocument } from "../../src/document/types.js";
import { componentKinds, entriesOf } from "../../src/library/index.js";
import { loadDocument } from "../../src/phases/load.js";
import { randomOf } from "../fuzz/random.js";
import { specOf } from "../library/example-specs.js";
import { samples, specs } from "./corpus.js";
import { documentMutant } from "./document-mutants.js";
import { makeAll, useAll } from "./document-use.js";

/** `npm run fuzz -- documents --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 600);
/** Of so many mutants that are accepted one is trained; the fuzzer trains more of them. */
const TRAINED = process.env["FUZZ_SEED"] === undefined ? 8 : 2;

/** A small spec around each entry of the library. */
const examples = componentKinds()
  .flatMap((kind) => entriesOf(kind))
  .map((entry) => ({ name: `${entry.kind} ${entry.name}`, text: specOf(entry), read: () => undefined }));

/** Small models, so that those that are accepted can be lowered and trained too. */
const originals = [...specs, ...samples, ...examples].flatMap(({ name, text, read }) => {
  const { document } = compile(text, { path: "input.nnspec", read });
  return document && document.nodes.length < 40 ? [{ name, text: JSON.stringify(document) }] : [];
});

interface Uses {
  readonly load: typeof loadDocument;
  readonly make: (document: ModelDocument) => void;
  /** Trains it; false where it is too large for that. */
  readonly train: (document: ModelDocument) => Promise<boolean>;
}

const uses: Uses = { load: loadDocument, make: makeAll, train: useAll };

/** What becomes of a document that is loaded and, where it is accepted, used: the stack where something throws. */
async function readDocument(
  text: string,
  { load, make, train }: Uses,
): Promise<{ thrown?: string; accepted: boolean; trained: boolean }> {
  let [accepted, trained] = [false, false];
  try {
    const { diagnostics, document } = load(text, "model.json");
    renderAll(diagnostics, { color: false });
    if (document) {
      accepted = true;
      make(document);
      trained = await train(document);
    }
    return { accepted, trained };
  } catch (error) {
    return {
      accepted,
      trained,
      thrown: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

const CHUNK = 200;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("mutants of model documents from seed %d", async (first) => {
  let [accepted, trained] = [0, 0];
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
    const random = randomOf(at);
    const { name, text } = random.pick(originals);
    const changed = documentMutant(text, random);
    const train = at % TRAINED === 0 ? uses.train : async () => false;
    const found = await readDocument(changed, { ...uses, train });
    if (found.thrown !== undefined)
      throw new Error(`seed ${at}, of ${name}:\n${changed}\n// ${found.thrown}`);
    if (found.accepted) accepted++;
    if (found.trained) trained++;
  }
  // A fuzzer whose mutants are all refused looks at the schema alone.
  expect(accepted).toBeGreaterThan(0);
  if (process.env["FUZZ_SEED"] !== undefined) console.log(`${accepted} accepted, ${trained} trained`);
});

test("a document that throws is found, wherever it does", async () => {
  const first = originals.find(({ name }) => name === "penguins.nnspec");
  expect(await readDocument(first!.text, uses)).toEqual({ accepted: true, trained: true });
  const planted = (): never => {
    throw new Error("planted");
  };
  for (const use of ["load", "make", "train"] as const)
    expect((await readDocument(first!.text, { ...uses, [use]: planted })).thrown).toContain("planted");
});
