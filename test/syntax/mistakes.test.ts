import { expect, test } from "vitest";
import { parse } from "../../src/phases/1-parse.js";
import { makeSource } from "../../src/source/index.js";
import { rendered } from "./helpers.js";

/** One broken line in a model whose other items are good. */
function inModel(line: string): string {
  const text = `model M {\n  input x: float[4]\n${line}\n  tail = x\n}\n`;
  const { value, diagnostics } = parse(makeSource("a.nnspec", text));
  const model = value.sections[0];
  const items = model?.kind === "model" ? model.items.length : 0;
  // The broken line is in the tree only if it could be read, perhaps with an error within.
  expect(items).toBeGreaterThanOrEqual(2);
  expect(diagnostics).toHaveLength(1);
  return rendered(text);
}

function inFile(text: string): string {
  expect(parse(makeSource("a.nnspec", text)).diagnostics).toHaveLength(1);
  return rendered(text);
}

test("unterminated parenthesis", () => {
  expect(inModel("  h = x |> dense(3, relu")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`)\` is missing: \`(\` is still open here.
      ──▶ a.nnspec:3:25
    3 │   h = x |> dense(3, relu
      │                 - opened here
      │                         ^
      hint: Close it with \`)\`.

    1 error
    "
  `);
});

test("an argument list that runs into the next item", () => {
  expect(inModel("  h = x |> dense(3,")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`)\` is missing: \`(\` is still open here.
      ──▶ a.nnspec:3:20
    3 │   h = x |> dense(3,
      │                 - opened here
      │                    ^
      hint: Close it with \`)\`.

    1 error
    "
  `);
});

test("unterminated list", () => {
  expect(inModel("  h = [x, x")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`]\` is missing: \`[\` is still open here.
      ──▶ a.nnspec:3:12
    3 │   h = [x, x
      │       - opened here
      │            ^
      hint: Close it with \`]\`.

    1 error
    "
  `);
});

test("nothing behind the equals sign", () => {
  expect(inModel("  h =")).toMatchInlineSnapshot(`
    "
    error[NN1017]: An expression is missing after \`=\`.
      ──▶ a.nnspec:3:5
    3 │   h =
      │     ^

    1 error
    "
  `);
});

test("nothing behind a pipe", () => {
  expect(inModel("  h = x |>")).toMatchInlineSnapshot(`
    "
    error[NN1017]: An expression is missing after \`|>\`.
      ──▶ a.nnspec:3:9
    3 │   h = x |>
      │         ^^

    1 error
    "
  `);
});

test("nothing behind a sign", () => {
  expect(inModel("  h = -")).toMatchInlineSnapshot(`
    "
    error[NN1017]: An expression is missing after \`-\`.
      ──▶ a.nnspec:3:7
    3 │   h = -
      │       ^

    1 error
    "
  `);
});

test("a colon in a binding", () => {
  expect(inModel("  h: dense(3)")).toMatchInlineSnapshot(`
    "
    error[NN1013]: A binding is written with \`=\`, not with \`:\`.
      ──▶ a.nnspec:3:4
    3 │   h: dense(3)
      │    ^
      hint: Write \`h = …\`.

    1 error
    "
  `);
});

test("a missing comma", () => {
  expect(inModel("  h = x |> dense(10 relu)")).toMatchInlineSnapshot(`
    "
    error[NN1010]: A comma is missing before \`relu\`.
      ──▶ a.nnspec:3:21
    3 │   h = x |> dense(10 relu)
      │                     ^^^^
      hint: Write \`, relu\`.

    1 error
    "
  `);
});

test("two commas", () => {
  expect(inModel("  h = x |> dense(10,, relu)")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`,\` where an expression or \`)\` was expected.
      ──▶ a.nnspec:3:21
    3 │   h = x |> dense(10,, relu)
      │                     ^

    1 error
    "
  `);
});

test("a reserved word as a name", () => {
  expect(inModel("  input for: float")).toMatchInlineSnapshot(`
    "
    error[NN1012]: \`for\` is a reserved word and cannot be a name.
      ──▶ a.nnspec:3:9
    3 │   input for: float
      │         ^^^
      hint: Choose another name, such as \`for_\`.

    1 error
    "
  `);
});

test("a reserved word as a binding", () => {
  expect(inModel("  in = x")).toMatchInlineSnapshot(`
    "
    error[NN1012]: \`in\` is a reserved word and cannot be a name.
      ──▶ a.nnspec:3:3
    3 │   in = x
      │   ^^
      hint: Choose another name, such as \`in_\`.

    1 error
    "
  `);
});

test("a pipe into a sum", () => {
  expect(inModel("  h = x |> f + y")).toMatchInlineSnapshot(`
    "
    error[NN1015]: A value cannot be piped into an operation with \`+\`.
      ──▶ a.nnspec:3:12
    3 │   h = x |> f + y
      │            ^^^^^
      hint: Put the pipe into parentheses: \`(x |> f) + y\`.

    1 error
    "
  `);
});

test("a pipe into a number", () => {
  expect(inModel("  h = x |> 3")).toMatchInlineSnapshot(`
    "
    error[NN1015]: A value cannot be piped into a number.
      ──▶ a.nnspec:3:12
    3 │   h = x |> 3
      │            ^
      hint: A stage is a call, a name, a \`repeat\`, or a chain in parentheses.

    1 error
    "
  `);
});

test("a chained range", () => {
  expect(inModel("  h = [for i in 1..2..3: x]")).toMatchInlineSnapshot(`
    "
    error[NN1016]: A range has two ends, not three.
      ──▶ a.nnspec:3:21
    3 │   h = [for i in 1..2..3: x]
      │                     ^^

    1 error
    "
  `);
});

test("a number without its first digit", () => {
  expect(inModel("  h = .5")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`.5\` is not a number: it needs a digit before its point.
      ──▶ a.nnspec:3:7
    3 │   h = .5
      │       ^^
      hint: Write \`0.5\`.

    1 error
    "
  `);
});

test("a number without its last digit", () => {
  expect(inModel("  h = dense(5.)")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`5.\` is not a number: it needs a digit after its point.
      ──▶ a.nnspec:3:13
    3 │   h = dense(5.)
      │             ^^
      hint: Write \`5.0\` or \`5\`.

    1 error
    "
  `);
});

test("a number with letters", () => {
  expect(inModel("  h = 3x")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`3x\` is not a number: letters follow its digits.
      ──▶ a.nnspec:3:7
    3 │   h = 3x
      │       ^^
      hint: Names begin with a letter; the units are \`KB\`, \`MB\` and \`GB\`.

    1 error
    "
  `);
});

test("a doubled separator of digits", () => {
  expect(inModel("  h = 1__000")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`1__000\` is not a number: a single \`_\` may stand between two digits.
      ──▶ a.nnspec:3:7
    3 │   h = 1__000
      │       ^^^^^^
      hint: Write \`1000\`.

    1 error
    "
  `);
});

test("two points", () => {
  expect(inModel("  h = 1.2.3")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`1.2.3\` is not a number: it has more than one point.
      ──▶ a.nnspec:3:7
    3 │   h = 1.2.3
      │       ^^^^^

    1 error
    "
  `);
});

test("an exponent without digits", () => {
  expect(inModel("  h = 1e")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`1e\` is not a number: its exponent has no digits.
      ──▶ a.nnspec:3:7
    3 │   h = 1e
      │       ^^

    1 error
    "
  `);
});

test("a number too large", () => {
  expect(inModel("  h = 1e999")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`1e999\` is not a number: it is too large.
      ──▶ a.nnspec:3:7
    3 │   h = 1e999
      │       ^^^^^

    1 error
    "
  `);
});

test("column zero", () => {
  expect(inModel("  h = $0")).toMatchInlineSnapshot(`
    "
    error[NN1005]: \`$0\` is not a number: columns are counted from \`$1\`.
      ──▶ a.nnspec:3:7
    3 │   h = $0
      │       ^^

    1 error
    "
  `);
});

test("single quotes", () => {
  expect(inModel("  h = load('it.csv')")).toMatchInlineSnapshot(`
    "
    error[NN1007]: Strings are written with double quotes.
      ──▶ a.nnspec:3:12
    3 │   h = load('it.csv')
      │            ^^^^^^^^
      hint: Write \`"it.csv"\`.

    1 error
    "
  `);
});

test("a string without an end", () => {
  expect(inModel('  h = load("it.csv)')).toMatchInlineSnapshot(`
    "
    error[NN1003]: This string has no closing quote.
      ──▶ a.nnspec:3:12
    3 │   h = load("it.csv)
      │            ^^^^^^^^
      hint: Close it with \`"\` on the same line; a quote within is written \`\\"\`, a line break \`\\n\`.

    1 error
    "
  `);
});

test("an unknown escape", () => {
  expect(inModel('  h = load("C:\\data")')).toMatchInlineSnapshot(`
    "
    error[NN1006]: \`\\d\` is not an escape.
      ──▶ a.nnspec:3:15
    3 │   h = load("C:\\data")
      │               ^^
      hint: The escapes are \`\\"\`, \`\\\\\`, \`\\n\`, \`\\t\` and \`\\u\` with four hexadecimal digits; a backslash itself is \`\\\\\`.

    1 error
    "
  `);
});

test("an equals sign in an argument", () => {
  expect(inModel("  h = dense(units = 3)")).toMatchInlineSnapshot(`
    "
    error[NN1013]: A named argument is written with \`:\`, not with \`=\`.
      ──▶ a.nnspec:3:19
    3 │   h = dense(units = 3)
      │                   ^
      hint: Write \`units: …\`.

    1 error
    "
  `);
});

test("a closing parenthesis too many", () => {
  expect(inModel("  h = dense(3))")).toMatchInlineSnapshot(`
    "
    error[NN1009]: This \`)\` closes nothing.
      ──▶ a.nnspec:3:15
    3 │   h = dense(3))
      │               ^

    1 error
    "
  `);
});

test("a call of a call", () => {
  expect(inModel("  h = dense(3)(x)")).toMatchInlineSnapshot(`
    "
    error[NN1025]: Only a name can be called.
      ──▶ a.nnspec:3:15
    3 │   h = dense(3)(x)
      │               ^
      hint: Arguments follow a name directly; a value is given to a function with \`|>\`.

    1 error
    "
  `);
});

test("a conditional", () => {
  expect(inModel("  h = x ? 1 : 2")).toMatchInlineSnapshot(`
    "
    error[NN1023]: There is no conditional operator.
      ──▶ a.nnspec:3:9
    3 │   h = x ? 1 : 2
      │         ^
      hint: \`?\` only follows the type of a label that may be missing, as in \`label: float?\`.

    1 error
    "
  `);
});

test("a word too many", () => {
  expect(inModel("  h = x y")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`y\` where an operator or a new item was expected.
      ──▶ a.nnspec:3:9
    3 │   h = x y
      │         ^

    1 error
    "
  `);
});

test("a number as a name", () => {
  expect(inModel("  input 3: float")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`3\` where a name after \`input\` was expected.
      ──▶ a.nnspec:3:9
    3 │   input 3: float
      │         ^

    1 error
    "
  `);
});

test("a missing colon", () => {
  expect(inModel("  input y float")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`float\` where \`:\` was expected.
      ──▶ a.nnspec:3:11
    3 │   input y float
      │           ^^^^^

    1 error
    "
  `);
});

test("a strange character", () => {
  expect(inModel("  h = x @ y")).toMatchInlineSnapshot(`
    "
    error[NN1001]: \`@\` cannot stand here.
      ──▶ a.nnspec:3:9
    3 │   h = x @ y
      │         ^

    1 error
    "
  `);
});

test("a name that is not ASCII", () => {
  expect(inModel("  größe = x")).toMatchInlineSnapshot(`
    "
    error[NN1001]: \`öß\` cannot stand here.
      ──▶ a.nnspec:3:5
    3 │   größe = x
      │     ^^
      hint: Names are ASCII letters, digits and \`_\`; any other text goes into double quotes.

    1 error
    "
  `);
});

test("a lone bar", () => {
  expect(inModel("  h = x | dense(3)")).toMatchInlineSnapshot(`
    "
    error[NN1001]: \`|\` cannot stand here.
      ──▶ a.nnspec:3:9
    3 │   h = x | dense(3)
      │         ^
      hint: A pipe is written \`|>\`.

    1 error
    "
  `);
});

test("a semicolon", () => {
  expect(inModel("  h = x;")).toMatchInlineSnapshot(`
    "
    error[NN1011]: No \`;\` is needed here.
      ──▶ a.nnspec:3:8
    3 │   h = x;
      │        ^
      hint: Leave it out: items are not separated by signs.

    1 error
    "
  `);
});

test("a task without its brace", () => {
  expect(inModel("  task a {\n    loss: mse\n\n  task b {\n    loss: mse\n  }")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`}\` is missing: \`{\` is still open here.
      ──▶ a.nnspec:4:14
    3 │   task a {
      │          - opened here
    4 │     loss: mse
      │              ^
      hint: Close it with \`}\`.

    1 error
    "
  `);
});

test("the last task without its brace", () => {
  expect(inModel("  task a {\n    loss: mse")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`}\` is missing: \`{\` is still open here.
      ──▶ a.nnspec:5:11
    3 │   task a {
      │          - opened here
    4 │     loss: mse
    5 │   tail = x
      │           ^
      hint: Close it with \`}\`.

    1 error
    "
  `);
});

test("a section in a model", () => {
  expect(inModel("  train {\n    epochs: 3\n  }")).toMatchInlineSnapshot(`
    "
    error[NN1022]: \`train\` cannot stand in a model: it belongs at the top of the file.
      ──▶ a.nnspec:3:3
    3 │   train {
      │   ^^^^^
      hint: Sections do not nest; is a \`}\` missing above?

    1 error
    "
  `);
});

test("an import in braces of its own", () => {
  expect(inFile('import a from "x"')).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`a\` where \`{\` was expected.
      ──▶ a.nnspec:1:8
    1 │ import a from "x"
      │        ^
      hint: An import is written \`import { name } from "file.nnspec"\`.

    1 error
    "
  `);
});

test("an import without a comma", () => {
  expect(inFile('import { a b } from "x"')).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`b\` where a comma or \`}\` was expected.
      ──▶ a.nnspec:1:12
    1 │ import { a b } from "x"
      │            ^
      hint: An import is written \`import { name } from "file.nnspec"\`.

    1 error
    "
  `);
});

test("a model without its brace", () => {
  expect(inFile("model M {\n  input x: float\n\ntrain { epochs: 3 }")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`}\` is missing: \`{\` is still open here.
      ──▶ a.nnspec:2:17
    1 │ model M {
      │         - opened here
    2 │   input x: float
      │                 ^
      hint: Close it with \`}\`.

    1 error
    "
  `);
});

test("a brace at the end of the file", () => {
  expect(inFile("train {\n  epochs: 10")).toMatchInlineSnapshot(`
    "
    error[NN1008]: A \`}\` is missing: \`{\` is still open here.
      ──▶ a.nnspec:2:13
    1 │ train {
      │       - opened here
    2 │   epochs: 10
      │             ^
      hint: Close it with \`}\`.

    1 error
    "
  `);
});

test("a misspelt section", () => {
  expect(inFile("modle M {\n  input x: float\n}")).toMatchInlineSnapshot(`
    "
    error[NN1014]: \`modle\` does not begin a section.
      ──▶ a.nnspec:1:1
    1 │ modle M {
      │ ^^^^^
      hint: Did you mean \`model\`?

    1 error
    "
  `);
});

test("a brace too many", () => {
  expect(inFile("model M {\n}\n}\ntrain { a: 1 }")).toMatchInlineSnapshot(`
    "
    error[NN1009]: This \`}\` closes nothing.
      ──▶ a.nnspec:3:1
    3 │ }
      │ ^

    1 error
    "
  `);
});

test("a binding at the top", () => {
  expect(inFile("width = 3")).toMatchInlineSnapshot(`
    "
    error[NN1014]: \`width\` does not begin a section.
      ──▶ a.nnspec:1:1
    1 │ width = 3
      │ ^^^^^
      hint: A number for the whole file is \`const width = …\`.

    1 error
    "
  `);
});

test("a task at the top", () => {
  expect(inFile("task a {\n  loss: mse\n}")).toMatchInlineSnapshot(`
    "
    error[NN1022]: \`task\` cannot stand in the file: it belongs in a model.
      ──▶ a.nnspec:1:1
    1 │ task a {
      │ ^^^^
      hint: Is there a \`}\` too many above?

    1 error
    "
  `);
});

test("a constant with a colon", () => {
  expect(inFile("const width: 3")).toMatchInlineSnapshot(`
    "
    error[NN1013]: A constant is written with \`=\`, not with \`:\`.
      ──▶ a.nnspec:1:12
    1 │ const width: 3
      │            ^
      hint: Write \`width = …\`.

    1 error
    "
  `);
});

test("a model without a name", () => {
  expect(inFile("model {\n}")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`{\` where a name was expected.
      ──▶ a.nnspec:1:7
    1 │ model {
      │       ^

    1 error
    "
  `);
});

test("a setting with an equals sign", () => {
  expect(inFile("train {\n  epochs = 10\n}")).toMatchInlineSnapshot(`
    "
    error[NN1013]: A setting is written with \`:\`, not with \`=\`.
      ──▶ a.nnspec:2:10
    2 │   epochs = 10
      │          ^
      hint: Write \`epochs: …\`.

    1 error
    "
  `);
});

test("a comma between settings", () => {
  expect(inFile("train {\n  epochs: 10,\n  batch: 32\n}")).toMatchInlineSnapshot(`
    "
    error[NN1011]: No \`,\` is needed here.
      ──▶ a.nnspec:2:13
    2 │   epochs: 10,
      │             ^
      hint: Leave it out: items are not separated by signs.

    1 error
    "
  `);
});

test("a task among settings", () => {
  expect(inFile("train {\n  task a {\n  }\n}")).toMatchInlineSnapshot(`
    "
    error[NN1022]: \`task\` cannot stand in a train section: it belongs in a model.
      ──▶ a.nnspec:2:3
    2 │   task a {
      │   ^^^^

    1 error
    "
  `);
});

test("a missing colon in an object", () => {
  expect(inFile("data {\n  split: { train 0.7 }\n}")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`0.7\` where \`:\` was expected.
      ──▶ a.nnspec:2:18
    2 │   split: { train 0.7 }
      │                  ^^^

    1 error
    "
  `);
});

test("an equals sign in an object", () => {
  expect(inFile("data {\n  split: { train = 0.7 }\n}")).toMatchInlineSnapshot(`
    "
    error[NN1013]: An entry of an object is written with \`:\`, not with \`=\`.
      ──▶ a.nnspec:2:18
    2 │   split: { train = 0.7 }
      │                  ^
      hint: Write \`train: …\`.

    1 error
    "
  `);
});

test("a quoted name", () => {
  expect(inFile('data {\n  "a" = b\n}')).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found the string \`"a"\` where a column binding or a setting was expected.
      ──▶ a.nnspec:2:3
    2 │   "a" = b
      │   ^^^

    1 error
    "
  `);
});

test("a limit with an equals sign", () => {
  expect(inFile("budget { parameters = 3 }")).toMatchInlineSnapshot(`
    "
    error[NN1013]: A limit is written with \`<=\`, not with \`=\`.
      ──▶ a.nnspec:1:21
    1 │ budget { parameters = 3 }
      │                     ^
      hint: Write \`parameters <= …\`.

    1 error
    "
  `);
});

test("a limit without its comparison", () => {
  expect(inFile("budget { parameters 3 }")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`3\` where a comparison such as \`<=\` was expected.
      ──▶ a.nnspec:1:21
    1 │ budget { parameters 3 }
      │                     ^

    1 error
    "
  `);
});

test("a parameter without a type", () => {
  expect(inFile("block f(x, y: int) {\n  return x\n}")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`,\` where \`:\` and a type was expected.
      ──▶ a.nnspec:1:10
    1 │ block f(x, y: int) {
      │          ^

    1 error
    "
  `);
});

test("a parameter with a default only", () => {
  expect(inFile("block f(x = 3) {\n  return x\n}")).toMatchInlineSnapshot(`
    "
    error[NN1013]: The type of a parameter is written with \`:\`, not with \`=\`.
      ──▶ a.nnspec:1:11
    1 │ block f(x = 3) {
      │           ^
      hint: Write \`x: …\`.

    1 error
    "
  `);
});

test("a return of nothing", () => {
  expect(inFile("block f(x: tensor) {\n  return\n}")).toMatchInlineSnapshot(`
    "
    error[NN1017]: An expression is missing after \`return\`.
      ──▶ a.nnspec:2:3
    2 │   return
      │   ^^^^^^

    1 error
    "
  `);
});

test("a repetition without a count", () => {
  expect(inFile("const x = repeat { a }")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`{\` where a number of times was expected.
      ──▶ a.nnspec:1:18
    1 │ const x = repeat { a }
      │                  ^

    1 error
    "
  `);
});

test("a loop without `in`", () => {
  expect(inFile("const x = [for i 1..4: y]")).toMatchInlineSnapshot(`
    "
    error[NN1002]: Found \`1\` where \`in\` was expected.
      ──▶ a.nnspec:1:18
    1 │ const x = [for i 1..4: y]
      │                  ^

    1 error
    "
  `);
});

test("a comment without an end", () => {
  expect(inFile("/* all of it\nmodel M {}")).toMatchInlineSnapshot(`
    "
    error[NN1004]: This comment has no end.
      ──▶ a.nnspec:1:1
    1 │ /* all of it
      │ ^^
      hint: Close it with \`*/\`.

    1 error
    "
  `);
});
