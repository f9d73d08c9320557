import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTable } from "../../src/data/read.js";
import type { Diagnostic } from "../../src/diagnostics/index.js";
import { cells, from, messages, read, table } from "./helpers.js";

describe("separated values", () => {
  test.each([
    ["commas", "a.csv", "x,y\n1,2\n3,4\n"],
    ["no break at the end", "a.csv", "x,y\n1,2\n3,4"],
    ["CRLF", "a.csv", "x,y\r\n1,2\r\n3,4\r\n"],
    ["CR", "a.csv", "x,y\r1,2\r3,4\r"],
    ["a byte order mark", "a.csv", "\uFEFFx,y\n1,2\n3,4\n"],
    ["semicolons", "a.csv", "x;y\n1;2\n3;4\n"],
    ["tabs in a .csv", "a.csv", "x\ty\n1\t2\n3\t4\n"],
    ["tabs", "a.tsv", "x\ty\n1\t2\n3\t4\n"],
    ["blanks around cells", "a.csv", " x , y\n1 , 2\n3,4 \n"],
    ["blank lines", "a.csv", "\nx,y\n\n1,2\n\n3,4\n\n"],
    ["quotes", "a.csv", '"x","y"\n"1",2\n3,"4"\n'],
  ])("%s", (_, name, content) => {
    const t = table(name, content);
    expect(t.columns).toEqual(["x", "y"]);
    expect(cells(t)).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  test("quoted separators, quotes and breaks, with the right lines behind them", () => {
    const t = table("q.csv", 'name;note\n"a;b";"say ""hi"""\n"two\nlines";x\nc;d\n');
    expect(cells(t)).toEqual([
      ["a;b", 'say "hi"'],
      ["two\nlines", "x"],
      ["c", "d"],
    ]);
    expect(t.placeOf(2)).toBe("line 5");
  });

  test("without a header, columns are numbered", () => {
    const t = table("h.csv", "1,2\n3,4\n", { header: false });
    expect(t.columns).toEqual(["$1", "$2"]);
    expect(t.rows).toBe(2);
    expect(t.placeOf(0)).toBe("line 1");
  });

  test("any value that is written in quotes comes back", () => {
    const cell = fc
      .string({ unit: "grapheme", maxLength: 8 })
      .map((s) => s.replace(/[\0\uFEFF]/g, "").trim());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const quote = (s: string): string => `"${s.replaceAll('"', '""')}"`;
        const text = `a,b\n${rows.map((r) => r.map(quote).join(",")).join("\n")}\n`;
        expect(cells(table("p.csv", text))).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  test("what counts as missing", () => {
    const t = table("m.csv", 'x,y\n,NA\nNaN,null\n-,""\n0,na\n', { missing: ["-"] });
    const missing = Array.from({ length: 4 }, (_, r) => [t.isMissing(r, 0), t.isMissing(r, 1)]);
    expect(missing).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [false, false],
    ]);
  });

  test("compressed", () => {
    expect(cells(table("a.csv.gz", gzipSync("x,y\n1,2\n")))).toEqual([["1", "2"]]);
    expect(cells(table("a.JSONL.GZ", gzipSync('{"x":1}\n')))).toEqual([["1"]]);
  });

  test("a million columns", () => {
    const n = 1_000_000;
    const header = Array.from({ length: n }, (_, i) => `c${i}`).join(",");
    const row = "1,".repeat(n - 1);
    const t = table("wide.csv", `${header}\n${row}7\n`);
    expect(t.columns).toHaveLength(n);
    expect(t.cell(0, t.columnIndex("c999999")!)).toBe("7");
  });
});

describe("problems", () => {
  test.each<[string, string, string | Uint8Array, string]>([
    [
      "an unknown kind",
      "a.xlsx",
      "x",
      "NN7002 The kind of `a.xlsx` is not known. | Data is read from `.csv`, `.tsv`, `.json` and `.jsonl` files, each also with `.gz`.",
    ],
    ["an empty file", "a.csv", "", "NN7005 `a.csv` is empty."],
    ["blank lines only", "a.csv", "\n\n", "NN7005 `a.csv` is empty."],
    ["a header only", "a.csv", "x,y\n", "NN7005 `a.csv` has a header and no rows."],
    ["an empty list", "a.json", "[]", "NN7005 `a.json` holds no rows."],
    ["empty objects", "a.json", "[{}]", "NN7005 `a.json` has rows without any value."],
    [
      "an open quote",
      "a.csv",
      'x,y\n1,"2\n3,4\n',
      "NN7003 `a.csv` is malformed at line 2: a quote is never closed.",
    ],
    [
      "text behind a quote",
      "a.csv",
      'x,y\n1,2\n"3"4,5\n',
      "NN7003 `a.csv` is malformed at line 3: text follows a closing quote.",
    ],
    [
      "a quote within",
      "a.csv",
      'x,y\n1,2\n3,4"5\n',
      "NN7003 `a.csv` is malformed at line 3: a quote stands in the middle of a cell.",
    ],
    [
      "ragged rows",
      "a.csv",
      "x,y\n1,2\n3\n4,5,6\n",
      "NN7007 Line 3 of `a.csv` has 1 cell where 2 are expected, and 1 more row differs. | A row has a cell for each column: an empty one still has its separator.",
    ],
    [
      "a name twice",
      "a.csv",
      "x,y,x\n1,2,3\n",
      "NN7008 Columns 1 and 3 of `a.csv` are both called `x`. | Give one of them another name in the file.",
    ],
    [
      "a binary file",
      "a.csv",
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
      "NN7004 `a.csv` is not a UTF-8 text: it holds NUL bytes. | Export the data as UTF-8 CSV.",
    ],
    [
      "UTF-16",
      "a.csv",
      Uint8Array.of(0xff, 0xfe, 0x78, 0),
      "NN7004 `a.csv` is not a UTF-8 text: it is UTF-16. | Export the data as UTF-8 CSV.",
    ],
    [
      "Latin-1",
      "a.csv",
      Uint8Array.of(0x78, 10, 0xe9, 10),
      "NN7004 `a.csv` is not a UTF-8 text: some of its bytes are none. | Export the data as UTF-8 CSV.",
    ],
    [
      "broken gzip",
      "a.csv.gz",
      "x,y\n",
      "NN7003 `a.csv.gz` is malformed: it is not gzip, or only a part of it. | A file that is not compressed has a name without `.gz`.",
    ],
    [
      "half of a gzip",
      "a.csv.gz",
      gzipSync("x,y\n1,2\n").subarray(0, 20),
      "NN7003 `a.csv.gz` is malformed: it is not gzip, or only a part of it.",
    ],
    [
      "numbers in the place of names",
      "a.csv",
      "0,1,0\n2,3,4\n",
      "NN7008 Columns 1 and 3 of `a.csv` are both called `0`. | If the first line holds data and no names, write `header: false`; columns are then `$1`, `$2`, ….",
    ],
    [
      "too many cells",
      "a.csv",
      "x,y\n1,2,3\n",
      "NN7007 Line 2 of `a.csv` has 3 cells where 2 are expected. | A value with a separator in it has to stand in double quotes.",
    ],
    [
      "gzip without the name",
      "a.csv",
      gzipSync("x,y\n1,2\n"),
      "NN7004 `a.csv` is not a UTF-8 text: it is compressed with gzip. | Let its name end in `.gz`.",
    ],
    [
      "an object instead of a list",
      "a.json",
      '{"x": 1}',
      "NN7003 `a.json` is malformed: a list of objects is expected.",
    ],
    [
      "broken JSON",
      "a.json",
      '[\n{"x": 1},\n{x: 2}]',
      "NN7003 `a.json` is malformed at line 3: this is not JSON.",
    ],
    [
      "a list in a cell",
      "a.json",
      '[{"x": [1]}]',
      "NN7003 `a.json` is malformed at item 1: `x` holds a list, which fits in no cell.",
    ],
    [
      "a number as a row",
      "a.jsonl",
      "3\n",
      "NN7003 `a.jsonl` is malformed at line 1: an object is expected.",
    ],
    [
      "a broken line",
      "a.jsonl",
      '{"x":1}\n{"x":\n',
      "NN7003 `a.jsonl` is malformed at line 2: this is not JSON.",
    ],
  ])("%s", (_, name, content, expected) => {
    const { value, diagnostics } = read(name, content);
    expect(value).toBeUndefined();
    expect(messages(diagnostics)).toEqual([expected]);
    const [{ span, related }] = diagnostics as [Diagnostic];
    // What is wrong in a line is shown there, all else at `from:`.
    const inFile = / ([Ll]ine|item) \d|^NN7008/.test(expected);
    expect(span.source.path.endsWith(name)).toBe(inFile);
    expect((inFile ? related[0]! : { span }).span).toBe(from);
  });

  test("a file that is not there, with a look around", () => {
    read("penguins.csv", "x\n1\n");
    const { diagnostics } = read("a.csv", "x\n1\n", {});
    expect(diagnostics).toEqual([]);
    const path = read("penguins.csv", "x\n1\n").value!.path;
    const missing = (p: string): string[] =>
      messages(readTable({ path: p, instead: false }, { missing: [], header: true }, from).diagnostics);
    expect(missing(path.replace("penguins", "pengins"))).toEqual([
      "NN7001 `pengins.csv` cannot be read: there is no such file. | Did you mean `penguins.csv`?",
    ]);
    expect(missing("/nowhere/at/all.csv")).toEqual([
      "NN7001 `/nowhere/at/all.csv` cannot be read: there is no such file. | Paths are relative to the spec.",
    ]);
    expect(missing("/tmp/../tmp/.csv/a.csv")[0]).toContain("there is no such file");
  });

  test("a cell and a row are bounded before they are read, and the line is told", () => {
    const limits = { cell: 20, line: 50 };
    const told = (name: string, text: string) => messages(read(name, text, { limits }).diagnostics)[0];
    expect(told("a.csv", `x,y\n1,2\n${"a".repeat(21)},2\n`)).toMatch(
      "NN7023 `a.csv` has a cell of more than 20 bytes at line 3. | Look for a quote that is never closed",
    );
    // A quote that is never closed makes one cell of what follows.
    expect(told("a.csv", `x,y\n"1,2\n${"3,4\n".repeat(9)}`)).toContain(
      "has a cell of more than 20 bytes at line",
    );
    expect(told("a.csv", `x,y\n${"1,".repeat(30)}\n`)).toContain("has a row of more than 50 bytes at line 2");
    expect(told("a.csv", `x,y\n"${"a".repeat(18)}",2\n`)).toBeUndefined();
    expect(told("a.jsonl", `{"x":1}\n{"x":"${"a".repeat(50)}"}\n`)).toContain(
      "an object of more than 50 bytes at line 2",
    );
    expect(told("a.json", `[{"x":1},{"x":"${"a".repeat(50)}"}]`)).toContain(
      "an object of more than 50 bytes at item 2",
    );
  });

  test("limits on bytes and cells, before and after expansion", () => {
    const small = { limits: { bytes: 100, cells: 10 } };
    expect(messages(read("a.csv", "x\n".repeat(60), small).diagnostics)[0]).toContain("more than 100 bytes");
    const bomb = gzipSync("x\n".repeat(100_000));
    expect(messages(read("b.csv.gz", bomb, { limits: { bytes: 10_000 } }).diagnostics)[0]).toContain(
      "10,000 bytes",
    );
    expect(messages(read("a.csv", "a,b,c\n1,2,3\n1,2,3\n1,2,3\n", small).diagnostics)[0]).toContain(
      "10 cells",
    );
    expect(
      messages(read("a.json", `[${'{"x":1},'.repeat(11)}{}]`, { limits: { cells: 10 } }).diagnostics)[0],
    ).toContain("10 cells");
  });

  test("random bytes give a table or one problem", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("f.csv", "f.tsv", "f.json", "f.jsonl", "f.csv.gz"),
        fc.uint8Array({ maxLength: 60 }),
        (name, bytes) => {
          const { value, diagnostics } = read(name, bytes);
          expect(diagnostics).toHaveLength(value === undefined ? 1 : 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
