import { describe, expect, test } from "vitest";
import { lowerModel } from "../../src/compile.js";
import { createFromDocument, type ModelDocument } from "../../src/index.js";
import { loadDocument } from "../../src/phases/load.js";
import { readSafetensors, writeSafetensors } from "../../src/runtime/safetensors/index.js";
import { compiled } from "../helpers.js";

const SPEC = `model Two {
  input x: float[4]
  trunk = x |> dense(8, relu)
  task a { output = trunk |> dense(1)  label: float  loss: mse }
  task b { output = trunk |> dense(3, softmax)  label: category(3)  loss: categorical_crossentropy }
}
train { optimizer: adam(lr: 0.01)  epochs: 2 }`;

/** The model's hash, as the compiler before this test wrote it into checkpoints. */
const FORMER = "8bdaab5656faa5e5be6a3a5a30b7c7326b7b9247a10850facb419fe314169b0d";

const document = (text = SPEC) => compiled(text).document;
const descriptorOf = (of: ModelDocument) => lowerModel(of).descriptor;
const hashes = (of: ModelDocument) => {
  const { hash, documentHash } = descriptorOf(of);
  return { hash, documentHash };
};

function loaded(value: unknown): ModelDocument {
  const { document: found, diagnostics } = loadDocument(JSON.stringify(value), "m.json");
  if (!found) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return found;
}

/** A document with another order of the keys, everywhere. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, turned(inner)] as const)
      .reverse(),
  );
}

/** A document as a library without these options writes it. */
function without(value: unknown, options: readonly string[]): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (options.includes(key) ? undefined : inner)),
  );
}

describe("the hash is of the meaning", () => {
  test("options that are given as their defaults, and docs", () => {
    const spelled = SPEC.replace("dense(8, relu)", "dense(8, relu, use_bias: true, bias_initializer: zeros)")
      .replace("lr: 0.01", "lr: 0.01, beta_1: 0.9")
      .replace("  input x", "  /// Four measures.\n  input x");
    expect(hashes(document(spelled))).toEqual(hashes(document()));
  });

  test("the order of keys", () => {
    expect(hashes(loaded(turned(document())))).toEqual(hashes(document()));
  });

  test("an option that the library gained since: the older document is read, and its hash is the same", () => {
    const older = loaded(without(document(), ["use_bias", "bias_regularizer", "beta_2"]));
    expect(older).toEqual(document());
    expect(hashes(older)).toEqual(hashes(document()));
  });

  test("what weights depend on changes it, what training does not", () => {
    const { hash, documentHash } = hashes(document());
    const other = (from: string, to: string) => hashes(document(SPEC.replace(from, to)));
    expect(other("relu", "tanh").hash).not.toBe(hash);
    expect(other("loss: mse", "loss: mae").hash).not.toBe(hash);
    expect(other("dense(8, relu)", "dense(8, relu, kernel_initializer: he_normal)").hash).not.toBe(hash);
    expect(other("epochs: 2", "epochs: 3").hash).toBe(hash);
    expect(other("epochs: 2", "epochs: 3").documentHash).not.toBe(documentHash);
  });
});

describe("a checkpoint of an earlier version", () => {
  /** A checkpoint as it was before hashes of the meaning. */
  async function former(hash: string): Promise<Uint8Array> {
    const model = await createFromDocument(document(), { engine: "reference" });
    const { tensors, metadata } = readSafetensors(await model.save());
    const { hashes: _, sha256: __, ...rest } = metadata;
    return writeSafetensors(tensors, { ...rest, hash, format: "nnspec-1" });
  }

  test("is loaded where its model is the same", async () => {
    expect(descriptorOf(document()).formerHash).toBe(FORMER);
    const model = await createFromDocument(document(), { engine: "reference", seed: 5 });
    await model.load(await former(FORMER));
    expect(await model.save()).toEqual(
      await (await createFromDocument(document(), { engine: "reference" })).save(),
    );
  });

  test("is refused where it is not, with words that say what to do", async () => {
    const model = await createFromDocument(document(), { engine: "reference" });
    const bytes = await former(FORMER.replaceAll("8", "9"));
    await expect(model.load(bytes)).rejects.toThrow(
      /written by an earlier version of nnspec.*`loadWeights`, `nnc train --from`/,
    );
    expect((await model.loadWeights(bytes)).missing).toEqual([]);
  });
});

test("a document of another version is refused, with words that say what to do", () => {
  const { diagnostics } = loadDocument(JSON.stringify({ ...document(), nnspec: 2 }), "m.json");
  expect(diagnostics.map((d) => d.message)).toEqual([
    expect.stringContaining("is of version 2, and version 1 is read here; compile its spec again"),
  ]);
});
