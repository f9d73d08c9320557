import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findColumn, numberColumn } from "../../src/data/columns.js";
import { readTable, type DataFile } from "../../src/data/read.js";
import { renderDiagnostic } from "../../src/diagnostics/render.js";
import { makeSource, span } from "../../src/source/index.js";
import { temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
mkdirSync(join(folder, "specs"));
const spec = makeSource(join(folder, "specs", "a.nnspec"), 'data { from: "it.csv" }');
const from = span(spec, 7, 21);

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, "specs", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** What is said of column `x`, which should hold numbers, without the folder. */
function said(file: DataFile, column = "x"): string {
  const { value, diagnostics } = readTable(file, { missing: [], header: true }, from);
  const found = value && findColumn(value, column, from);
  const cells = found?.index === undefined ? [] : numberColumn(value!, found.index, from).diagnostics;
  return [...diagnostics, ...(found?.diagnostics ?? []), ...cells]
    .map((d) => renderDiagnostic(d, { color: false }))
    .join("\n")
    .replaceAll(`${folder}/`, "");
}

const own = (name: string, content: string | Uint8Array): string =>
  said({ path: write(name, content), instead: false });

test.each([
  ["a cell", "a.csv", "x,y\n1,2\nno,3\n", "specs/a.csv:3:1\n3 │ no,3\n  │ ^^\n"],
  [
    "CRLF and blank lines",
    "a.csv",
    "\r\nx,y\r\n\r\n1,2\r\n\r\nno,3\r\n",
    "specs/a.csv:6:1\n6 │ no,3\n  │ ^^\n",
  ],
  ["CR", "a.csv", "y,x\r1,2\r3,no\r", "specs/a.csv:3:3\n3 │ 3,no\n  │   ^^\n"],
  ["blanks around it", "a.csv", "y, x\n1 ,  no \n", "specs/a.csv:2:6\n2 │ 1 ,  no\n  │      ^^\n"],
  [
    "separators in quotes",
    "a.csv",
    'y,x\n"a,""b""",no\n',
    'specs/a.csv:2:11\n2 │ "a,""b""",no\n  │           ^^\n',
  ],
  ["a row of several lines", "a.csv", 'y,x,z\n"a\nb",no,1\n', 'specs/a.csv:3:4\n3 │ b",no,1\n  │    ^^\n'],
  ["tabs", "a.tsv", "y\tx\n1\tno\n", "specs/a.tsv:2:3\n2 │ 1    no\n  │      ^^\n"],
  ["compressed", "a.csv.gz", gzipSync("y,x\n1,no\n"), "specs/a.csv.gz:2:3\n2 │ 1,no\n  │   ^^\n"],
  [
    "a list of objects",
    "a.json",
    '[{"x": 1},\n {"y": 1, "x": "no"}]',
    'specs/a.json:2:16\n2 │  {"y": 1, "x": "no"}]\n  │                ^^^^\n',
  ],
  [
    "objects by line",
    "a.jsonl",
    '{"x": 1}\n\n{"x": "no"}\n',
    'specs/a.jsonl:3:7\n3 │ {"x": "no"}\n  │       ^^^^\n',
  ],
  [
    "a key with signs",
    "a.json",
    '[{"x": "no", "a/b~c": 3}]',
    'specs/a.json:1:8\n1 │ [{"x": "no", "a/b~c": 3}]\n  │        ^^^^\n',
  ],
  ["rows of different length", "a.csv", "x,y\n1,2\n1,2,3\n", "specs/a.csv:3:1\n3 │ 1,2,3\n  │ ^^^^^\n"],
  ["a broken quote", "a.csv", 'x,y\n1,"2"3\n', 'specs/a.csv:2:1\n2 │ 1,"2"3\n  │ ^^^^^^\n'],
  ["two columns of one name", "a.csv", "\nx,x\n1,2\n", "specs/a.csv:2:1\n2 │ x,x\n  │ ^^^\n"],
  ["NaN in JSON", "a.jsonl", '{"x": 1}\n{"x": NaM}\n', 'specs/a.jsonl:2:7\n2 │ {"x": NaM}\n  │       ^^^\n'],
  [
    "a list in a cell",
    "a.json",
    '[{"y": 1},\n {"x": [1, 2]}]',
    'specs/a.json:2:8\n2 │  {"x": [1, 2]}]\n  │        ^^^^^^\n',
  ],
  [
    "a key twice in a list of objects",
    "a.json",
    '[{"x": 1, "y": "a\\":b"},\n {"x": 2, "y": {"k": [1]}, "y" : 3}]',
    'specs/a.json:2:34\n2 │  {"x": 2, "y": {"k": [1]}, "y" : 3}]\n  │                                  ^\n',
  ],
  [
    "a key twice on a line",
    "a.jsonl",
    '{"x": 1}\n{"x": "2:3", "x": 2}\n',
    'specs/a.jsonl:2:19\n2 │ {"x": "2:3", "x": 2}\n  │                   ^\n',
  ],
  ["broken JSON", "a.json", '[{"x": 1},\n{x}]', "specs/a.json:2:2\n2 │ {x}]\n  │  ^\n"],
])("%s is shown in the file, and where it is read in the spec", (_, name, content, frame) => {
  expect(own(name, content)).toContain(`──▶ ${frame}`);
  expect(own(name, content)).toContain("──▶ specs/a.nnspec:1:8\n");
  expect(own(name, content)).toContain("-------------- read here");
});

test("a column that the spec's own file lacks is the spec's mistake", () => {
  const text = own("a.csv", "y,z\n1,2\n");
  expect(text).toContain('──▶ specs/a.nnspec:1:8\n1 │ data { from: "it.csv" }\n  │        ^^^^^^^^^^^^^^');
  expect(text).not.toContain("──▶ specs/a.csv");
});

test("in another file that stands in for it, it is that file's", () => {
  const path = write("b.csv", "y,z\n1,2\n");
  const text = said({ path, instead: true });
  expect(text).toContain("──▶ specs/b.csv:1:1\n1 │ y,z\n  │ ^^^\n");
  expect(text).toContain("-------------- wanted here");
});

test("what is wrong with the whole of such a file is shown as the file, not as `from:`", () => {
  const text = said({ path: write("b.csv", ""), instead: true });
  expect(text).toContain("──▶ specs/b.csv:1:1");
  expect(text).not.toContain("a.nnspec");
});

test("lines of files outside the spec's folder are not echoed, also behind a link", () => {
  const outside = join(folder, "secret.csv");
  writeFileSync(outside, "x\nsecret\n");
  const link = join(folder, "specs", "link.csv");
  symlinkSync(outside, link);
  for (const [path, shown] of [
    [outside, "secret.csv"],
    [link, "specs/link.csv"],
  ] as const) {
    const text = said({ path, instead: true });
    expect(text).toContain(`──▶ ${shown}:2:1\n`);
    expect(text).not.toContain("2 │ secret");
  }
});

test("whatever the file, the place is of the cell that is named", () => {
  const cell = fc.oneof(
    fc.stringMatching(/^[a-z,\n" é]{0,6}$/).map((s) => `"${s.replaceAll('"', '""')}"`),
    fc.stringMatching(/^[a-z0-9]{1,4}$/),
  );
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), (content, end) => {
      const bad = ["1", "@@"];
      const lines = [["y", "x"], ...content.map(([y]) => [y, "1"]), bad].map((row) => row.join(","));
      const path = write("c.csv", lines.join(end) + end);
      const { value } = readTable({ path, instead: false }, { missing: [], header: true }, from);
      const [found] = numberColumn(value!, 1, from).diagnostics;
      const { source, start, end: stop } = found!.span;
      expect(source.path).toBe(path);
      expect(source.text.slice(start, stop)).toBe("@@");
      expect(source.firstLine + 1).toBe(lines.slice(0, -1).join("\n").split("\n").length + 1);
    }),
    { numRuns: 100 },
  );
});
