import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modelSchema } from "../../src/document/schema.js";
import { documentProblems } from "../../src/document/validate.js";
import { positionAt } from "../../src/source/index.js";
import { loadDocument } from "../../src/phases/load.js";
import { compiled, specText } from "../helpers.js";

const SPEC = `model M {
  input x: float[4]
  input kind: category("a", "b")
  shared s = dense(4, leaky_relu(0.1), kernel_regularizer: l2(0.01))
  h = concat(x |> s |> s, kind |> embedding(3)) |> batch_norm
  task t { output = h |> dense(3, softmax)  label: category("p", "q", "r")  loss: categorical_crossentropy  class_weights: { q: 2 } }
}
train { optimizer: adam(lr: warmup(10, to: 0.1))  optimizer s.*: sgd  stop: early(patience: 3)  clip: value(1) }
data { from: "d.csv"  x = a..d |> standardize  kind = k  t = y  split: { train: 0.8, validation: 0.2 } }`;

/** The text of SPEC's document after an edit by hand: the value at a JSON pointer, replaced or added. */
function edited(pointer: string, value: unknown): string {
  const document: unknown = structuredClone(compiled(SPEC).document);
  const keys = pointer.split("/").slice(1);
  const last = keys.pop()!;
  const owner = keys.reduce((at, key) => (at as Record<string, unknown>)[key], document);
  (owner as Record<string, unknown>)[last] = value;
  return JSON.stringify(document, null, 2);
}

/** Code, line text and message of every diagnostic. */
function problems(text: string): [string, string, string][] {
  return loadDocument(text, "m.json").diagnostics.map((d) => {
    const { line } = positionAt(d.span.source, d.span.start);
    return [d.code, text.split("\n")[line]!.trim(), d.message];
  });
}

test("the schema in grammar/ is the library's", () => {
  const file = readFileSync(new URL("../../grammar/model.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(modelSchema());
});

test("every spec's document fits the schema, and comes back the same", () => {
  for (const text of [SPEC, ...["two-towers", "penguins", "digits"].map(specText)]) {
    const { document } = compiled(text);
    expect(documentProblems(document)).toEqual([]);
    const loaded = loadDocument(JSON.stringify(document), "m.json");
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.document).toEqual(document);
  }
});

test("options with defaults may be left out", () => {
  const loaded = loadDocument(
    edited("/nodes/5/options", { units: 3, activation: { name: "softmax", options: {} } }),
    "m.json",
  );
  expect(loaded.document).toEqual(compiled(SPEC).document);
});

test("what the schema refuses is shown at its line and pointer", () => {
  expect(problems(edited("/train/0/epochs", "x"))).toEqual([
    ["NN2028", '"epochs": "x",', "This must be integer (at /train/0/epochs)."],
  ]);
  expect(problems(edited("/tasks/0/los", 1))).toEqual([
    ["NN2028", '"los": 1', "There is no `los` here (at /tasks/0/los)."],
  ]);
  expect(problems(edited("/nodes/0/layer", "dens"))).toEqual([
    ["NN2028", '"layer": "dens",', "The library has no `dens` for this (at /nodes/0/layer)."],
  ]);
  const hints = (text: string) => loadDocument(text, "m.json").diagnostics.map((d) => d.hint);
  expect(hints(edited("/nodes/0/layer", "dens"))).toEqual(["Did you mean `dense`?"]);
  expect(hints(edited("/tasks/0/los", 1))).toEqual(["Did you mean `loss`?"]);
  expect(problems(edited("/nodes/0/options/units", 0))[0]).toEqual([
    "NN2028",
    '"units": 0,',
    "This must be >= 1 (at /nodes/0/options/units).",
  ]);
  expect(problems(edited("/inputs/0/name", "__proto__"))[0]![2]).toContain("/inputs/0/name");
});

test("shapes that a hand edit made wrong are shown at the node", () => {
  const found = problems(edited("/nodes/0/options/units", 5));
  expect(found[0]).toEqual([
    "NN2028",
    '"type": {',
    "`s.dense` claims [4] of float, but `dense` gives [5] of float (at /nodes/0/type).",
  ]);
  expect(problems(edited("/tasks/0/label/classes", 4))).toContainEqual([
    "NN2028",
    '"names": [',
    "There are 3 names for 4 classes (at /tasks/0/label/names).",
  ]);
  expect(problems(edited("/nodes/1/inputs/0", "nowhere"))).toEqual([
    ["NN2028", '"nowhere"', "There is no earlier node or input `nowhere` (at /nodes/1/inputs/0)."],
  ]);
});

test("a tied weight stands above, under the path and of the shape that it is tied by", () => {
  const spec = `model M {
  input word: category(7)
  words = word |> embedding(4)
  task t { output = words |> tied_dense(7, softmax, to: words.embedding.embeddings)  label: category(7)  loss: categorical_crossentropy }
}`;
  const { document } = compiled(spec);
  const text = (change: (tied: Record<string, Record<string, unknown>>) => void): string => {
    const copy = structuredClone(document) as unknown as { nodes: Record<string, Record<string, unknown>>[] };
    change(copy.nodes[1]!);
    return JSON.stringify(copy, null, 2);
  };
  expect(
    loadDocument(
      text(() => {}),
      "m.json",
    ).document,
  ).toEqual(document);
  expect(problems(text((tied) => (tied["weights"]!["kernel"] = "t.tied_dense.kernel")))).toEqual([
    [
      "NN2028",
      '"kernel": "t.tied_dense.kernel",',
      "`to` is `words.embedding.embeddings`, and this is `t.tied_dense.kernel` (at /nodes/1/weights/kernel).",
    ],
  ]);
  const elsewhere = (path: string): string =>
    text((tied) => {
      tied["options"]!["to"] = path;
      tied["weights"]!["kernel"] = path;
    });
  expect(problems(elsewhere("words.embedding.table"))).toEqual([
    ["NN2030", '"to": "words.embedding.table",', "No layer above has a weight `words.embedding.table`."],
  ]);
  const bias = problems(elsewhere("t.tied_dense.bias"));
  // Its own bias is no weight of a layer above.
  expect(bias.map(([code]) => code)).toEqual(["NN2030"]);
  const other = text((tied) => (tied["options"]!["units"] = 6));
  expect(problems(other)).toContainEqual([
    "NN3008",
    '"to": "words.embedding.embeddings",',
    "`words.embedding.embeddings` is [7, 4], but a weight of [6, 4] is wanted here.",
  ]);
});

test("a path is one weight or one state, wherever it stands", () => {
  const at = (pointer: string, path: string) =>
    problems(edited(pointer, path)).map(([, , message]) => message);
  // `h.batch_norm.gamma` is as long as the running mean, and as beta, and neither of them.
  expect(at("/nodes/4/state/moving_mean", "h.batch_norm.gamma")).toEqual([
    "`h.batch_norm.gamma` is the weight `gamma` of `batch_norm` above and would be the state `moving_mean` of `batch_norm` here (at /nodes/4/state/moving_mean).",
  ]);
  expect(at("/nodes/4/weights/beta", "h.batch_norm.gamma")[0]).toContain(
    "is the weight `gamma` of `batch_norm` above and would be the weight `beta` of `batch_norm` here",
  );
  expect(at("/nodes/4/state/moving_variance", "h.batch_norm.moving_mean")[0]).toContain(
    "is the state `moving_mean` of `batch_norm` above and would be the state `moving_variance` of `batch_norm` here",
  );
  expect(at("/nodes/4/state/moving_mean", "s.dense.kernel")[0]).toContain("is [4, 4] above and would be [");
  const regularized = edited("/nodes/1/options/kernel_regularizer", null);
  expect(problems(regularized)[0]![2]).toContain("begins, or is regularized, in another way above");
});

test("a task is not called as an input is", () => {
  expect(problems(edited("/tasks/0/name", "kind"))).toContainEqual([
    "NN2028",
    '"name": "kind",',
    "`kind` is an input's name too (at /tasks/0/name).",
  ]);
});

test("what an algorithm embeds by is a value of the model", () => {
  const { document } = compiled(`model M {
  input x: float[2]
  h = x |> dense(4)
  task y { output = h |> dense(ways, softmax)  label: category(ways)  loss: categorical_crossentropy }
}
meta { algorithm: protonet(embed: h)  episode: { ways: 2, support: 2, query: 2 } }`);
  const text = JSON.stringify(document, null, 2).replace('"embed": "h.dense"', '"embed": "h.dens"');
  const [found] = loadDocument(text, "m.json").diagnostics;
  expect(found?.message).toBe("There is no node or input `h.dens` (at /meta/algorithm/options/embed).");
  expect(found?.hint).toContain("`h.dense`");
});

test("the rules for specs hold for documents", () => {
  expect(problems(edited("/train/0/optimizers/0/pattern", "trunk.*"))).toEqual([
    ["NN5002", "{", "`trunk.*` in `optimizer` matches no weight."],
  ]);
  expect(problems(edited("/tasks/0/loss/name", "mse"))[0]![0]).toBe("NN4001");
});

test("an input that is too large is told once, and not where it is used", () => {
  expect(problems(edited("/inputs/0/type/dims", [1e9]))).toEqual([
    ["NN3006", '"dims": [', "One example's [1000000000] would take more than 2³¹ bytes."],
  ]);
});

test("a key twice", () => {
  const text = edited("/tasks/0/weight", 1).replace('"weight": 1', '"weight": 1,\n"output": "x"');
  expect(problems(text.replace('"name": "M"', '"name": "M",\n"name": "N"'))).toEqual([
    ["NN2028", '"name": "N",', "`name` stands here twice (at /name)."],
    ["NN2028", '"output": "x",', "`output` stands here twice (at /tasks/0/output)."],
  ]);
});

test("a byte order mark is no part of the document", () => {
  const loaded = loadDocument(`\uFEFF${edited("/name", "M")}`, "m.json");
  expect(loaded.document).toEqual(compiled(SPEC).document);
});

test("broken JSON, comments, deep nesting", () => {
  expect(problems('{\n "nnspec": 1,\n x')[0]![2]).toBe("This is no JSON: invalid symbol (at line 3).");
  expect(problems('{ "nnspec": 1, ')[0]![2]).toMatch(/^This is no JSON/);
  expect(problems('{ // no\n "nnspec": 1 }')[0]![2]).toMatch(/^This is no JSON/);
  expect(problems("[".repeat(100_000))[0]![2]).toMatch(/nested more than 128 deep/);
  expect(problems("")[0]![2]).toMatch(/^This is no JSON/);
});
