import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { catalogue, diagnostic, type Diagnostic } from "../../src/diagnostics/index.js";
import { diagnosticToJson, renderAll, renderDiagnostic } from "../../src/diagnostics/render.js";
import { makeSource, span, type Source } from "../../src/source/index.js";

const plain = { color: false };

function at(source: Source, text: string, extras: Parameters<typeof diagnostic>[3] = {}): Diagnostic {
  const start = source.text.indexOf(text);
  return diagnostic("NN1001", span(source, start, start + text.length), { found: "`x`" }, extras);
}

function shown(d: Diagnostic): string {
  return `\n${renderDiagnostic(d, plain)}\n`;
}

describe("renderDiagnostic", () => {
  const source = makeSource(
    "a.nnspec",
    "model M {\n  input x: float\n\n\n\n  task t {\n    loss: mse\n  }\n}\n",
  );

  test("message, place, frame and hint", () => {
    expect(shown(at(source, "mse", { hint: "Try `mae`." }))).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ a.nnspec:7:11
      7 │     loss: mse
        │           ^^^
        hint: Try \`mae\`.
      "
    `);
  });

  test("further places in the same file, near and far", () => {
    const place = (text: string): ReturnType<typeof span> => at(source, text).span;
    const related = [
      { span: place("loss"), message: "the key" },
      { span: place("task t"), message: "in this task" },
      { span: place("input x"), message: "and this input" },
    ];
    expect(shown(at(source, "mse", { related }))).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ a.nnspec:7:11
      2 │   input x: float
        │   ------- and this input
        …
      6 │   task t {
        │   ------ in this task
      7 │     loss: mse
        │     ---- the key
        │           ^^^
      "
    `);
  });

  test("a place in another file", () => {
    const other = makeSource("std/multitask.nnspec", "block b(x: tensor) {\n  return x\n}\n");
    const related = [{ span: at(other, "return x").span, message: "returned here" }];
    expect(shown(at(source, "mse", { related }))).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ a.nnspec:7:11
      7 │     loss: mse
        │           ^^^
        ──▶ std/multitask.nnspec:2:3
      2 │   return x
        │   -------- returned here
      "
    `);
  });

  test("a span of several lines", () => {
    expect(shown(at(source, "task t {\n    loss: mse\n  }"))).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ a.nnspec:6:3
      6 │   task t {
        │   ^^^^^^^^
      7 │     loss: mse
      8 │   }
        │   ^
      "
    `);
  });

  test("tabs, wide characters, and a place at the end of the file", () => {
    const tabs = makeSource("t.nnspec", '\th = "日本" @');
    expect(shown(at(tabs, "@"))).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ t.nnspec:1:11
      1 │     h = "日本" @
        │                ^
      "
    `);
    expect(shown(diagnostic("NN1001", span(tabs, tabs.text.length, tabs.text.length), { found: "the end" })))
      .toMatchInlineSnapshot(`
        "
        error[NN1001]: the end cannot stand here.
          ──▶ t.nnspec:1:12
        1 │     h = "日本" @
          │                 ^
        "
      `);
    const empty = makeSource("e.nnspec", "");
    expect(shown(diagnostic("NN1001", span(empty, 0, 0), { found: "nothing" }))).toMatchInlineSnapshot(`
      "
      error[NN1001]: nothing cannot stand here.
        ──▶ e.nnspec:1:1
      "
    `);
  });

  test("a very long line is cut around the place", () => {
    const long = makeSource("l.nnspec", `${"a + ".repeat(500)}HERE${" + b".repeat(500)}`);
    const text = shown(at(long, "HERE"));
    expect(text).toMatchInlineSnapshot(`
      "
      error[NN1001]: \`x\` cannot stand here.
        ──▶ l.nnspec:1:2001
      1 │ … a + a + a + a + a + a + a + a + HERE + b + b + b + b + b + b + b + b + b + b + b + b + b + b + b + …
        │                                   ^^^^
      "
    `);
    expect(Math.max(...text.split("\n").map((l) => l.length))).toBeLessThan(130);
    const whole = renderDiagnostic(
      diagnostic("NN1001", span(long, 0, long.text.length), { found: "x" }),
      plain,
    );
    expect(Math.max(...whole.split("\n").map((l) => l.length))).toBeLessThan(130);
  });

  test("nothing of a text can reach the terminal's controls", () => {
    const evil = makeSource("\u001b[31m.nnspec", "x = \u001b[2J\u202e \u0007\r\n");
    const text = renderDiagnostic(
      diagnostic("NN1001", span(evil, 0, evil.text.length), { found: "\u001b]0;title\u0007" }),
      plain,
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain("\\u001b[2J");
  });

  test("colours only on demand", () => {
    const d = at(source, "mse", { related: [{ span: at(source, "loss").span, message: "the key" }] });
    const coloured = renderDiagnostic(d, { color: true });
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).toBe(renderDiagnostic(d, plain));
  });
});

test("renderAll counts", () => {
  const source = makeSource("a", "x");
  const error = at(source, "x");
  const warning: Diagnostic = { ...error, severity: "warning" };
  expect(renderAll([error, error, warning], plain).split("\n").at(-1)).toBe("2 errors, 1 warning");
  expect(renderAll([error], plain).split("\n").at(-1)).toBe("1 error");
  expect(renderAll([], plain)).toBe("no problems");
});

test("diagnosticToJson", () => {
  const source = makeSource("a.nnspec", "one\ntwo three\n");
  const related = [{ span: at(source, "one").span, message: "here" }];
  expect(diagnosticToJson(at(source, "three", { hint: "h", related }))).toEqual({
    code: "NN1001",
    severity: "error",
    message: "`x` cannot stand here.",
    hint: "h",
    file: "a.nnspec",
    range: { start: { line: 1, character: 4 }, end: { line: 1, character: 9 } },
    related: [
      {
        message: "here",
        file: "a.nnspec",
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } },
      },
    ],
  });
});

test("every code of syntax and data explains itself", () => {
  const mine = Object.entries(catalogue).filter(([code]) => /^NN(1|70[0-4])/.test(code));
  expect(mine.length).toBeGreaterThan(30);
  for (const [code, entry] of mine) {
    expect(code).toMatch(/^NN[17]\d{3}$/);
    expect(entry.title.length, code).toBeLessThanOrEqual(60);
    expect(entry.explanation.length, code).toBeGreaterThan(40);
  }
});
