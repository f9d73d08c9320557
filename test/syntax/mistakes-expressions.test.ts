import { expect, test } from "vitest";
import { inModel } from "./helpers.js";

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
      hint: Leave it out: items are not separated by signs. Arguments are, by \`,\`.

    1 error
    "
  `);
});
