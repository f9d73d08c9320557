import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze, type Analysis } from "../../src/compile.js";
import type { Definition } from "../../src/phases/2-resolve/model.js";
import { walk } from "../../src/syntax/children.js";
import type { Identifier } from "../../src/syntax/tree.js";

interface Example {
  readonly name: string;
  readonly text: string;
  readonly read: (path: string) => string | undefined;
}

function example(folder: URL, file: string, name: string): Example {
  const read = (path: string) => {
    const url = new URL(path, folder);
    return existsSync(url) ? readFileSync(url, "utf8") : undefined;
  };
  return { name, text: readFileSync(new URL(file, folder), "utf8"), read };
}

const specs = ["", "meta/", "multitask/"].flatMap((path) => {
  const folder = new URL(`../../specs/${path}`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith(".nnspec"));
  return files.map((file) => example(folder, file, path + file));
});
const folder = new URL("../samples/", import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => existsSync(new URL(`${name}/input.nnspec`, folder)))
  .map((name) => example(new URL(`${name}/`, folder), "input.nnspec", name));
/** Names of layers in paths, and a task that is called like a part of a report. */
const PATHS = `model M {
  input c: category(3)
  input x: float[3]
  e = c |> embedding(3) as emb
  h = concat(e, x |> dense(3) as first)
  task loss {
    output = h |> dense(3) as d |> tied_dense(3, softmax, to: e.emb.embeddings)
    label: category(3)
    loss: categorical_crossentropy
  }
  task b { output = h |> dense(1) as emb  label: float  loss: mse  metrics: [mae] }
}
train tr {
  optimizer: adam
  optimizer e.emb.*: sgd
  freeze: [h.first.kernel]
  freeze loss.d.*: { until: 2 }
  stop: early(monitor: [validation.loss, validation.loss.loss, validation.b.mae])
}
`;
const paths: Example = { name: "names of layers in paths", text: PATHS, read: () => undefined };
const all = [...specs, ...samples, paths];

function analyzed({ text, read }: Omit<Example, "name">): Analysis {
  return analyze(text, { path: "input.nnspec", read });
}

function identifiersOf({ tree }: Analysis): Identifier[] {
  const found: Identifier[] = [];
  walk(tree, (node) => void (node.kind === "identifier" && found.push(node)));
  return found;
}

/** Names that are declared in this file, each with all places that would change with it. */
function renames({
  spec,
  ...analysis
}: Analysis): { definition: Definition; places: readonly Identifier[] }[] {
  const declared = identifiersOf({ spec, ...analysis }).flatMap((name) => {
    const definition = spec.semantics.definitionOf(name);
    return definition?.declaration === name && definition.role !== "unknown" ? [definition] : [];
  });
  return [...new Set(declared)].map((definition) => ({
    definition,
    places: spec.semantics.occurrencesOf(definition).filter(({ span }) => span.source === spec.source),
  }));
}

test.each(all)("every identifier of $name has its definition, and every definition its references", (one) => {
  const analysis = analyzed(one);
  const { semantics } = analysis.spec;
  for (const name of identifiersOf(analysis)) {
    const definition = semantics.definitionOf(name);
    const line = name.span.source.text.slice(0, name.span.start).split("\n").length;
    expect([name.name, line, definition?.name]).toEqual([
      name.name,
      line,
      definition?.name ?? "a definition",
    ]);
    expect(semantics.referencesOf(definition!)).toContain(name);
    // What is unknown is so because of a message.
    if (definition!.role === "unknown") expect(analysis.diagnostics).not.toEqual([]);
  }
});

const RENAMED = new Set([
  "an input",
  "a binding",
  "a shared name",
  "a weight",
  "a constant",
  "a dimension",
  "a block",
  "a parameter",
  "a variable",
  "a task",
  "a model",
  "a layer's name",
]);

/** Mistakes that lie in a name. */
const MISNAMED = new Set(["NN2002", "NN2003", "NN2012", "NN2023", "NN7052"]);

/** The text with every name of its own changed, at all its places. */
function renamed(text: string, analysis: Analysis): string {
  const places = renames(analysis).flatMap((rename) => {
    const { role, name, target, fixed } = rename.definition;
    // An import without an alias has the name of the other file.
    return RENAMED.has(role) && !fixed && target?.name !== name ? rename.places : [];
  });
  return places
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (before, { span, name }) => `${before.slice(0, span.start)}${name}_renamed${before.slice(span.end)}`,
      text,
    );
}

test.each(all)("$name means the same when every name of its own is changed at all its places", (one) => {
  const analysis = analyzed(one);
  const codes = analysis.diagnostics.map((d) => d.code);
  if (codes.some((code) => MISNAMED.has(code))) return;
  const after = analyzed({ text: renamed(one.text, analysis), read: one.read });
  expect(after.diagnostics.map((d) => d.code)).toEqual(codes);
  const shapes = ({ checked }: Analysis) => checked.nodes.map((node) => [node.layer, node.type.dims]);
  expect(shapes(after)).toEqual(shapes(analysis));
});

const SPEC = `import { tower as t2 } from "lib.nnspec"
const width = 8
block twice(a: tensor, units: int) {
  h = a |> dense(units)
  return h |> dense(units * 2)
}
model M {
  input x: float[4]
  shared trunk = dense(width, relu)
  h = x |> trunk |> twice(3)
  g = h |> twice(5) |> t2
  list = [for i in 1..2: x |> dense(i)]
  task a {
    output = g |> dense(1)
    label: float
    loss: mse
  }
  task b {
    output = concat(a.output, list[0]) |> dense(1, sigmoid)
    label: binary
    loss: binary_crossentropy
  }
}
train { optimizer trunk.*: sgd  optimizer: adam  freeze: [a.*] }
`;
const library = { read: () => "block tower(x: tensor) { return x |> dense(7) }\n" };

test.each([
  ["g |> dense|(1)", "an entry of the library dense -"],
  ["g| |> dense(1)", "a binding g input.nnspec:11 [7]"],
  ["x |> trunk| |>", "a shared name trunk input.nnspec:9 function"],
  ["trunk|.*", "a shared name trunk input.nnspec:9 function"],
  ["h |> dense(units| * 2)", "a parameter units input.nnspec:3 scalar scalar"],
  ["h| |> dense(units * 2)", "a binding h input.nnspec:4 [3] [5]"],
  ["dense(width|, relu)", "a constant width input.nnspec:2 scalar"],
  ["dense(width, relu|)", "an entry of the library relu -"],
  ["|> t2|\n", "a block t2 input.nnspec:1"],
  ["import { tower|", "a block tower lib.nnspec:1"],
  ["a.output|", "a binding output input.nnspec:14 [1]"],
  ["concat(a|.", "a task a input.nnspec:13"],
  ["[a|.*]", "a task a input.nnspec:13"],
  ["x |> dense(i|)", "a variable i input.nnspec:12 scalar scalar"],
  ["label|: float", "an option label -"],
  ["optimizer| trunk", "an option optimizer -"],
])("%s is %s", (marked, expected) => {
  const at = SPEC.indexOf(marked.replace(MARK, ""));
  expect(at).toBeGreaterThanOrEqual(0);
  expect(hover(at + marked.search(MARK))).toBe(expected);
});

/** The one `|` that is not part of a pipe. */
const MARK = /\|(?!>)/;

/** What is known of the name at a place: what it is, where it is declared, what shapes it has. */
function hover(at: number): string {
  const analysis = analyze(SPEC, { path: "input.nnspec", ...library });
  expect(analysis.diagnostics).toEqual([]);
  const name = identifiersOf(analysis).find(({ span }) => span.start <= at && at <= span.end)!;
  const definition = analysis.spec.semantics.definitionOf(name)!;
  const place = definition.declaration?.span;
  const line = place && `${place.source.path}:${place.source.text.slice(0, place.start).split("\n").length}`;
  const values = analysis.checked.values.get(definition) ?? [];
  const shapes = values.map((value) =>
    value.kind === "tensor" ? `[${value.type.dims.join(", ")}]` : value.kind,
  );
  return [definition.role, definition.name, line ?? "-", ...shapes].join(" ");
}

test("a scope is asked by place, also in a file with mistakes", () => {
  const text = SPEC.replace("h = x |> trunk |> twice(3)", "h = x |> trunk |> twice(3");
  const { spec, tree } = analyze(text, { path: "input.nnspec", ...library });
  const namesAt = (mark: string) => [...spec.semantics.scopeAt(tree, text.indexOf(mark))!.names.keys()];
  expect(namesAt("return h")).toEqual(["a", "units", "h"]);
  expect(namesAt("loss: mse")).toEqual(["output"]);
  expect(namesAt("list = [for")).toContain("trunk");
});

test("what is broken stays as small as it is", () => {
  const codes = (h: string) =>
    analyze(
      `model M {\n  input x: float[4]\n  h = ${h}\n  task t { output = h  label: float  loss: mse }\n}`,
    ).diagnostics.map((d) => d.code);
  // The activation does not decide the shape, so the mistake behind it shows.
  expect(codes("x |> dense(8, relue) |> conv2d(3, 3)")).toEqual(["NN2020", "NN3002"]);
  expect(codes("x |> dense(8, use_bias: 3) |> reshape([3, 3])")).toEqual(["NN2006", "NN3001"]);
  // The units do.
  expect(codes("x |> dense(unitz) |> conv2d(3, 3)")).toEqual(["NN2001"]);
});
