import { describe, expect, test } from "vitest";
import type { Expression } from "../../src/syntax/tree.js";
import { examples, parsed, sectionOf, shape, textOf } from "./helpers.js";

/** An expression in a compact notation that shows how it was grouped. */
function brief(e: Expression): string {
  switch (e.kind) {
    case "number":
    case "string":
    case "boolean":
      return JSON.stringify(e.value);
    case "column":
      return `$${e.index}`;
    case "path":
      return e.segments.map((s) => s.name).join(".");
    case "call":
      return `${brief(e.callee)}(${e.arguments.map((a) => (a.name ? `${a.name.name}: ` : "") + brief(a.value)).join(", ")})`;
    case "index":
      return `index<${brief(e.target)}; ${e.indices.map(brief).join(", ")}>`;
    case "as":
      return `as<${brief(e.target)}, ${e.name.name}>`;
    case "unary":
      return `neg<${brief(e.operand)}>`;
    case "binary":
      return `(${brief(e.left)} ${e.operator} ${brief(e.right)})`;
    case "range":
      return `range<${brief(e.from)}, ${brief(e.to)}>`;
    case "pipe":
      return `pipe<${e.stages.map(brief).join(" | ")}>`;
    case "parenthesized":
      return `paren<${brief(e.inner)}>`;
    case "list":
      return `[${e.items.map(brief).join(", ")}]`;
    case "comprehension":
      return `[for ${e.variable.name} in ${brief(e.range)}: ${brief(e.body)}]`;
    case "object":
      return `{${e.entries.map((x) => `${x.key.name}: ${brief(x.value)}`).join(", ")}}`;
    case "repeat":
      return `repeat<${brief(e.count)}; ${brief(e.body)}>`;
    case "error":
      return "error";
  }
}

function constant(text: string): Expression {
  return sectionOf(parsed(`const c = ${text}`), "const").value;
}

describe("expressions", () => {
  test.each([
    ["1 + 2 * 3 - 4 / 5", "((1 + (2 * 3)) - (4 / 5))"],
    ["a - b - c", "((a - b) - c)"],
    ["-a * b", "(neg<a> * b)"],
    ["- -a[0]", "neg<neg<index<a; 0>>>"],
    ["1 .. n + 1", "range<1, (n + 1)>"],
    ["0..4", "range<0, 4>"],
    ["first..last", "range<first, last>"],
    ["x |> f |> g(1, units: 2,)", "pipe<x | f | g(1, units: 2)>"],
    ["x + y |> f", "pipe<(x + y) | f>"],
    ["[a, b,] |> f as n", "pipe<[a, b] | as<f, n>>"],
    ["x |> repeat 3 { dense(4) |> relu } as r", "pipe<x | as<repeat<3; pipe<dense(4) | relu>>, r>>"],
    ["x |> repeat n * 2 { f }", "pipe<x | repeat<(n * 2); f>>"],
    ["x |> (f |> g)", "pipe<x | paren<pipe<f | g>>>"],
    ["[for i in 1..4: x |> dense(16)]", "[for i in range<1, 4>: pipe<x | dense(16)>]"],
    ["[for i in n: i]", "[for i in n: i]"],
    ['{ a: 1, "b c": 2 d: [] }', "{a: 1, b c: 2, d: []}"],
    ["t[0, 1][2] as u", "as<index<index<t; 0, 1>; 2>, u>"],
    ["[trunk.*, *.bias, *]", "[trunk.*, *.bias, *]"],
    ["a * *.b", "(a * *.b)"],
    ["$3", "$3"],
    ["true", "true"],
    ['"a\\"b\\\\\\n\\t\\u00e9"', JSON.stringify('a"b\\\n\té')],
    ["3e-3", "0.003"],
    ["20_000.5", "20000.5"],
    ["400 KB", "400000"],
    ["1.5MB", "1500000"],
    ["2GB", "2000000000"],
    ["from(label: input, model, in_)", "from(label: input, model, in_)"],
  ])("%s", (text, expected) => {
    expect(brief(constant(text))).toBe(expected);
  });

  test("a number knows its unit and whether it was written as an integer", () => {
    expect(shape(constant("400 KB"))).toEqual({ kind: "number", value: 400_000, unit: "KB", integer: true });
    expect(shape(constant("1e3"))).toEqual({ kind: "number", value: 1000, integer: false });
  });

  test("a name that looks like a unit is no unit when it is bound", () => {
    const { items } = sectionOf(parsed("data { a: 3 KB: 4 MB = 5 }"), "data");
    expect(items.map((i) => shape(i))).toEqual([
      { kind: "setting", key: "a", value: { kind: "number", value: 3, integer: true } },
      { kind: "setting", key: "KB", value: { kind: "number", value: 4, integer: true } },
      { kind: "binding", name: "MB", value: { kind: "number", value: 5, integer: true } },
    ]);
  });

  test("spans cover exactly what was written", () => {
    const value = constant("( a |> f(1, x: [2 , 3]) as n ) ");
    expect(textOf(value.span)).toBe("( a |> f(1, x: [2 , 3]) as n )");
    if (value.kind !== "parenthesized" || value.inner.kind !== "pipe") throw new Error("a pipe was expected");
    expect(value.inner.stages.map((s) => textOf(s.span))).toEqual(["a", "f(1, x: [2 , 3]) as n"]);
  });
});

describe("declarations", () => {
  test("types", () => {
    const { items } = sectionOf(
      parsed(
        'model M { input a: float[28, 28, 1] input b: category("x", "y")[seq] input c: category(5000)? }',
      ),
      "model",
    );
    const types = items.map((i) => (i.kind === "input" ? i.type : undefined));
    expect(
      types.map((t) => [t?.base.name, t?.arguments.map(brief), t?.dimensions.map(brief), t?.optional]),
    ).toEqual([
      ["float", [], ["28", "28", "1"], false],
      ["category", ['"x"', '"y"'], ["seq"], false],
      ["category", ["5000"], [], true],
    ]);
  });

  test("keywords are names wherever a name stands", () => {
    const ast = parsed(`
      const model = 1
      dim train = 2
      block block(input: tensor, data: int = 3) { shared = input weight = shared return weight }
      model label {
        input input: float
        input = task
        shared shared = dense(1)
        weight weight: float[2] = zeros
        task task { label: binary weight: 0.5 label = from  from: meta  weight weight2: float  task = budget }
      }
      train data { optimizer model.task.*: sgd(label: 1) optimizer *.bias: none label: 3 }
      data { from: "x" from = from  label = label }
      budget { data <= 4 }`);
    expect(sectionOf(ast, "model").items.map((i) => i.kind)).toEqual([
      "input",
      "binding",
      "shared",
      "weight",
      "task",
    ]);
    expect(sectionOf(ast, "train").settings.map((s) => s.pattern?.segments.map((x) => x.name))).toEqual([
      ["model", "task", "*"],
      ["*", "bias"],
      undefined,
    ]);
    const task = sectionOf(ast, "model").items.at(-1);
    if (task?.kind !== "task") throw new Error("a task was expected");
    expect(task.items.map((i) => i.kind)).toEqual([
      "label",
      "setting",
      "binding",
      "setting",
      "weight",
      "binding",
    ]);
    expect(task.items[0]).toMatchObject({ type: { kind: "type", base: { name: "binary" } } });
  });

  test("imports", () => {
    expect(shape(parsed('import { mmoe, cgc as gate, } from "std/multitask"').sections)).toEqual([
      {
        kind: "import",
        names: [
          { kind: "import-name", name: "mmoe" },
          { kind: "import-name", name: "cgc", alias: "gate" },
        ],
        from: { kind: "string", value: "std/multitask" },
      },
    ]);
  });

  test("an empty file, and one of comments, is an empty tree", () => {
    expect(parsed("").sections).toEqual([]);
    expect(parsed("\uFEFF// a\n/* b\n */ /// c\n").sections).toEqual([]);
  });
});

describe("documentation", () => {
  test("consecutive lines reach the declaration that follows", () => {
    const ast = parsed(
      [
        "/// stray",
        "",
        "/// The model,",
        "///  in two lines.",
        "model M {",
        "  /// An input.",
        "  input x: float",
        "  //// not documentation",
        "  y = x /// nor this",
        "  /// The task.\r",
        "  // with a remark between",
        "  task t { /// The loss.",
        "    loss: mse }",
        "}",
      ].join("\n"),
    );
    const model = sectionOf(ast, "model");
    expect(model.doc).toBe("The model,\n in two lines.");
    expect(model.items.map((i) => i.doc)).toEqual(["An input.", undefined, "The task."]);
  });

  test("every kind of declaration can have some", () => {
    const docs: (string | undefined)[] = [];
    const text = `
      /// 1
      block b(
        /// 2
        x: tensor) {
        /// 3
        return x }
      /// 4
      train {
        /// 5
        a: 1 }
      /// 6
      budget {
        /// 7
        parameters <= 1 }`;
    const ast = parsed(text);
    const block = sectionOf(ast, "block");
    const [train, budget] = [sectionOf(ast, "train"), sectionOf(ast, "budget")];
    docs.push(block.doc, block.parameters[0]?.doc, block.items[0]?.doc);
    docs.push(train.doc, train.settings[0]?.doc, budget.doc, budget.limits[0]?.doc);
    expect(docs).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  });
});

test("the examples of the language", () => {
  const kinds = examples.map((text) => parsed(text).sections.map((s) => s.kind));
  expect(kinds).toEqual([
    ["model", "train"],
    ["const", "block", "model", "train", "data", "budget"],
    ["model", "meta"],
  ]);
});

test("newlines mean nothing in a right program", () => {
  for (const text of examples) {
    const bare = text.replace(/\/\/.*$/gm, "");
    const oneLine = parsed(bare.replace(/\s+/g, " "));
    expect(shape(oneLine)).toEqual(shape(parsed(bare)));
    expect(shape(parsed(bare.replace(/[ \n]+/g, "\n")))).toEqual(shape(oneLine));
  }
});
