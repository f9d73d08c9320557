import { expect, test } from "vitest";
import { inFile, inModel } from "./helpers.js";

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
      hint: Leave it out: items are not separated by signs. Arguments are, by \`,\`.

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
