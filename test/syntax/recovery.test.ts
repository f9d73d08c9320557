import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { parse } from "../../src/phases/1-parse.js";
import { makeSource } from "../../src/source/index.js";
import { print } from "../../src/syntax/print.js";
import { examples, rendered, sectionOf } from "./helpers.js";

const parseText = (text: string): ReturnType<typeof parse> => parse(makeSource("a.nnspec", text));

test("ten mistakes in ten items are ten reports, and the good items stay", () => {
  const text = `model M {
  input a: float[4]
  input 1: float
  b = a |> dense(4
  c = a |> dense(4)
  d =
  e: dense(4)
  f = a |> dense(4, relu))
  g = [a, b c]
  h = a |> f + c
  i = 'text'
  for = a
  task t {
    output = a |> dense(1)
    loss = = mse
    label: float
    weight: 0.5.1
  }
  z = a
}

train {
  epochs: 3
}
`;
  const { value, diagnostics } = parseText(text);
  expect(diagnostics.map((d) => d.code)).toEqual([
    "NN1002",
    "NN1008",
    "NN1017",
    "NN1013",
    "NN1009",
    "NN1010",
    "NN1015",
    "NN1007",
    "NN1012",
    "NN1002",
    "NN1005",
  ]);
  const model = sectionOf(value, "model");
  const names = model.items.map((i) => i.name.name);
  expect(names).toEqual(["a", "c", "f", "h", "i", "t", "z"]);
  const task = model.items.find((i) => i.kind === "task");
  expect(task?.items).toHaveLength(3);
  expect(sectionOf(value, "train").settings).toHaveLength(1);
});

const lines = [
  ["input 1: float", "input y float"],
  ["b = a |> dense(4", "b = f(a,"],
  ["d =", "d = a +", "d: a"],
  ["e = a |> 3", "e = a b", "e = @"],
  ["g = [a, b c]", "g = [a, b", "g = (a"],
  ["for = a", "shared = = b", "shared in = dense(3)"],
  ["= 3", "3", "dense(3))"],
  ['s = "abc', "s = 'abc'", "s = 5."],
];

test("any broken line among good ones is reported once and costs only itself", () => {
  const broken = lines.flat();
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...broken), { minLength: 1, maxLength: 8 }), (chosen) => {
      const body = chosen.map((line, i) => `  ${line}\n  good${i} = x |> dense(3)\n`).join("");
      const { value, diagnostics } = parseText(`model M {\n  first = x\n${body}}\ntrain { epochs: 1 }\n`);
      expect(diagnostics.map((d) => d.code)).toHaveLength(chosen.length);
      const model = sectionOf(value, "model");
      const names = new Set(model.items.map((i) => i.name.name));
      for (let i = 0; i < chosen.length; i++) expect(names).toContain(`good${i}`);
      expect(sectionOf(value, "train").settings).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

test("one sign left out of an example is one report, seldom two", () => {
  const counts = [0, 0, 0];
  for (const text of examples) {
    for (const { index } of text.replace(/\/\/.*/g, (c) => " ".repeat(c.length)).matchAll(/[()[\]{},:=|]/g)) {
      const { length } = parseText(text.slice(0, index) + text.slice(index + 1)).diagnostics;
      counts[length] = (counts[length] ?? 0) + 1;
    }
  }
  expect(counts).toHaveLength(3);
  // An optional comma is missed by nobody.
  expect(counts[0]).toBeLessThan(6);
  expect(counts[2]).toBeLessThan(4);
});

test.each([
  [
    "a brace after a task's name",
    "model M {\n  task a\n    loss: mse\n  }\n  x = y\n}\n",
    ["task", "binding"],
  ],
  ["a brace of a repeat", "model M {\n  a = repeat 3 {\n    f\n\n  b = a\n}\n", ["binding"]],
  ["a brace of a task", "model M {\n  task a {\n    loss: mse\n\n  input b: float\n}\n", ["task", "input"]],
])("%s is missing, and the rest is read", (_, text, kinds) => {
  const { value, diagnostics } = parseText(`${text}train { epochs: 1 }\n`);
  expect(diagnostics).toHaveLength(1);
  expect(sectionOf(value, "model").items.map((i) => i.kind)).toEqual(kinds);
  expect(sectionOf(value, "train").settings).toHaveLength(1);
});

test("indentation means nothing in a right program", () => {
  const text = "  model M {\n    task a {\n      loss: mse\n  }\n}\n   train { epochs:\n1 }";
  expect(parseText(text).diagnostics).toEqual([]);
});

describe("never throws", () => {
  const words = [
    ..."model train task data budget block input shared weight label x y in for repeat as return true".split(
      " ",
    ),
    ...'{ } ( ) [ ] = : , . .. |> + - * / ? <= $1 3 4.5 KB "s" \' " \n // /* */ /// @ é ;'.split(" "),
    "\n",
    "\r\n",
    "\0",
  ];
  test("on soup of tokens", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 80 }),
        fc.constantFrom(" ", "\n", ""),
        (soup, gap) => {
          const text = soup.join(gap);
          const { diagnostics } = parseText(text);
          for (const { span } of diagnostics) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
          rendered(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("on random characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void rendered(text)),
      { numRuns: 1000 },
    );
  });

  test("on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void rendered(String.fromCharCode(...bytes))),
      { numRuns: 1000 },
    );
  });

  test("on beginnings of the examples", () => {
    for (const text of examples) {
      for (let end = 0; end < text.length; end += 7) {
        const { diagnostics } = parseText(text.slice(0, end));
        expect(diagnostics.length).toBeLessThanOrEqual(2);
      }
    }
  });

  test("on examples with a piece cut out or a token put in", () => {
    const edit = fc.record({
      text: fc.constantFrom(...examples),
      at: fc.nat(),
      length: fc.nat({ max: 12 }),
      put: fc.constantFrom("", ...words),
    });
    fc.assert(
      fc.property(edit, ({ text, at, length, put }) => {
        const start = at % text.length;
        rendered(text.slice(0, start) + put + text.slice(start + length));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("bounds", () => {
  const codes = (text: string): string[] => parseText(text).diagnostics.map((d) => d.code);

  test("brackets 128 deep are read, one more is refused", () => {
    const nested = (n: number): string => `const a = ${"(".repeat(n)}1${")".repeat(n)}`;
    expect(codes(nested(128))).toEqual([]);
    expect(codes(nested(129))).toEqual(["NN1020"]);
    expect(codes(`const a = ${"[".repeat(128)}${"]".repeat(128)}`)).toEqual([]);
    expect(codes(`const a = ${"f(".repeat(128)}1${")".repeat(128)}`)).toEqual([]);
    expect(codes(`const a = ${"repeat 2 { ".repeat(128)}x${"}".repeat(128)}`)).toEqual([]);
  });

  test("brackets in strings and comments do not count", () => {
    expect(codes(`const a = "${"(".repeat(500)}" // ${"(".repeat(500)}\n/* ${"{".repeat(500)} */`)).toEqual(
      [],
    );
  });

  test("a megabyte of open brackets is one report", () => {
    expect(codes("(".repeat(1_000_000))).toEqual(["NN1020"]);
  });

  test("long runs of one sign are told of", () => {
    for (const sign of "{)]},.:=?*-+|\"'$@\\#9a;é")
      expect(codes(sign.repeat(100_000)).length).toBeGreaterThan(0);
  });

  test("pipes of any length are flat", () => {
    const { value, diagnostics } = parseText(`const a = x${" |> f".repeat(100_000)}`);
    expect(diagnostics).toEqual([]);
    const section = sectionOf(value, "const");
    expect(section.value.kind === "pipe" && section.value.stages.length).toBe(100_001);
  });

  test("signs, sums, indices and `as` are bounded", () => {
    expect(codes(`const a = ${"-".repeat(100_000)}1`)).toEqual(["NN1021"]);
    expect(codes(`const a = 1${" + 1".repeat(100_000)}`)).toEqual(["NN1021"]);
    expect(codes(`const a = x${"[0]".repeat(100_000)}`)).toEqual(["NN1021"]);
    expect(codes(`const a = x${" as y".repeat(100_000)}`)).toEqual(["NN1021"]);
    expect(codes(`const a = 1${" + 1".repeat(900)}`)).toEqual([]);
    expect(codes(`const a = ${"repeat ".repeat(100_000)}1`)).toEqual(["NN1002"]);
    const tower = `${"(".repeat(120)}1${`${" + 1".repeat(500)})`.repeat(120)}`;
    expect(codes(`const a = ${tower}`)).toEqual(["NN1021"]);
  });

  test("what is no text, or too much of it", () => {
    expect(codes("model M {\0}")).toEqual(["NN1019"]);
    expect(codes(" ".repeat(16_000_001))).toEqual(["NN1018"]);
    expect(codes("a ".repeat(2_000_001))).toEqual(["NN1018"]);
  });

  test("no more than 500 reports, and a count of the rest", () => {
    const { diagnostics } = compile(`train {\n${"a = 1\n".repeat(900)}}`);
    expect(diagnostics).toHaveLength(501);
    expect(diagnostics.at(-1)?.message).toBe("400 more mistakes are not shown.");
  });
});

test("a file with a thousand broken items is not read further, and its tree still holds every character", () => {
  const items = Array.from({ length: 3000 }, (_, i) => `  h${i} = x |> dense(4 relu)\n`);
  const text = `model M {\n  input x: float[4]\n${items.join("")}}\n\ntrain { epochs: 3 }\n`;
  const { value, diagnostics, more } = parseText(text);
  expect(diagnostics.length + more).toBe(1000);
  expect(print(value)).toBe(text);
  const fewer = `model M {\n  input x: float[4]\n${items.slice(0, 900).join("")}}\n\ntrain { epochs: 3 }\n`;
  expect(parseText(fewer).value.sections.map(({ kind }) => kind)).toEqual(["model", "train"]);
});
