import { describe, expect, test } from "vitest";
import { cells, messages, read, table } from "./helpers.js";

describe("JSON", () => {
  test("a key twice is told where it is, however long the file, and texts are no keys", () => {
    const objects = Array.from({ length: 200_000 }, (_, i) =>
      JSON.stringify({ x: i, y: 'a\\":b: {"x": 1}' }),
    );
    const list = () => `[${objects.join(",")}]`;
    expect(table("many.json", list()).rows).toBe(200_000);
    expect(table("many.jsonl", objects.join("\n")).rows).toBe(200_000);
    objects[123_456] = '{"x":1,"y":2,"x":3}';
    const told = (at: string) => [`NN7003 \`many.${at}: \`x\` stands twice in this object.`];
    expect(messages(read("many.json", list()).diagnostics)).toEqual(
      told("json` is malformed at item 123457"),
    );
    expect(messages(read("many.jsonl", objects.join("\n")).diagnostics)).toEqual(
      told("jsonl` is malformed at line 123457"),
    );
  });

  test("objects with different keys", () => {
    const t = table("a.json", '[{"x": 1.5, "y": "a"}, {"z": true, "x": null}, {"__proto__": 3}]');
    expect(t.columns).toEqual(["x", "y", "z", "__proto__"]);
    expect(cells(t)).toEqual([
      ["1.5", "a", "", ""],
      ["", "", "true", ""],
      ["", "", "", "3"],
    ]);
    expect(t.isMissing(1, 0)).toBe(true);
    expect(t.placeOf(1)).toBe("item 2");
  });

  test("lines", () => {
    const t = table("a.jsonl", '{"x":1}\r\n\r\n{"x":2}\r\n');
    expect(cells(t)).toEqual([["1"], ["2"]]);
    expect(t.placeOf(1)).toBe("line 3");
  });
});

describe("what the spec does not name", () => {
  const wanted = (names: string[], ranges: { first: string; last: string }[] = []) => ({
    wanted: { names: new Set([...names, ...ranges.flatMap(({ first, last }) => [first, last])]), ranges },
  });

  test("columns without a name, or of one name, do not matter", () => {
    const t = table("a.csv", "x,,,y,y\n1,2,3,4,5\n6,7,8,9,0\n", wanted(["x"]));
    expect([t.rows, t.cell(0, 0), t.cell(1, 0)]).toEqual([2, "1", "6"]);
    const { diagnostics } = read("a.csv", "x,,,y,y\n1,2,3,4,5\n", wanted(["y"]));
    expect(messages(diagnostics)[0]).toContain("NN7008 Columns 4 and 5 of `a.csv` are both called `y`");
    const ranged = table("a.csv", "x,,,y\n1,2,3,4\n", wanted([], [{ first: "x", last: "y" }]));
    expect(cells(ranged)).toEqual([["1", "2", "3", "4"]]);
  });

  test("keys of JSON may hold anything, or stand twice", () => {
    const items = [
      '{"x": 1, "tags": ["a", {"b": 1, "b": 2}], "z": 1, "z": {"y": NaN}}',
      '{"note": {}, "x": 2}',
    ];
    for (const [name, text] of [
      ["a.json", `[${items.join(",\n")}]`],
      ["a.jsonl", items.join("\n")],
    ] as const) {
      const t = table(name, text, wanted(["x"]));
      const column = t.columnIndex("x")!;
      expect([t.rows, t.cell(0, column), t.cell(1, column)]).toEqual([2, "1", "2"]);
      expect(messages(read(name, text, wanted(["x", "tags"])).diagnostics)[0]).toContain(
        "`tags` holds a list",
      );
      expect(messages(read(name, text, wanted(["z"])).diagnostics)[0]).toContain(
        "`z` stands twice in this object",
      );
    }
  });

  test("a range of keys is all that lie between them, in whatever row they first appear", () => {
    const text = '[{"a": 1, "b": 2, "z": []}, {"c": 3, "a": 4, "d": 5}]';
    const t = table("a.json", text, wanted([], [{ first: "a", last: "b" }]));
    const at = (row: number, name: string) => t.cell(row, t.columnIndex(name)!);
    expect([at(0, "a"), at(0, "b"), at(1, "a"), at(1, "b")]).toEqual(["1", "2", "4", ""]);
    expect(messages(read("a.json", text, wanted([], [{ first: "a", last: "c" }])).diagnostics)[0]).toContain(
      "`z` holds a list",
    );
  });
});

describe("JSON as others write it", () => {
  test("Python's NaN is a missing value, and its infinities are what CSV calls so", () => {
    const t = table(
      "a.jsonl",
      '{"x": NaN, "y": "NaN", "z": Infinity}\n{"x": -Infinity, "y": "a, NaN", "z": [NaN][0]}'.split("\n")[0]!,
    );
    expect(cells(t)).toEqual([["NaN", "NaN", "Infinity"]]);
    expect([t.isMissing(0, 0), t.isMissing(0, 2)]).toEqual([true, false]);
    expect(cells(table("b.json", '[{"x": -Infinity, "y": "a \\" NaN"}]'))).toEqual([
      ["-Infinity", 'a " NaN'],
    ]);
    for (const text of ["[{NaN: 1}]", '[{"x": -NaN}]', '[{"x": NaNs}]'])
      expect(messages(read("a.json", text).diagnostics)[0]).toContain("this is not JSON");
  });

  test("numbers keep the digits that they are written with", () => {
    const t = table(
      "a.json",
      '[{"x": 9007199254740993, "y": 1e999, "z": 0.1}, {"x": -12345678901234567890}]',
    );
    expect(cells(t)).toEqual([
      ["9007199254740993", "1e999", "0.1"],
      ["-12345678901234567890", "", ""],
    ]);
  });

  test("a list ends as one", () => {
    for (const text of [
      '[{"x":1}',
      '[{"x":1}}',
      '[{"x":1}] x',
      '[{"x":1},]',
      '[{"x":1}{"x":2}]',
      '[{"x":[1}]',
    ])
      expect(messages(read("a.json", text).diagnostics)[0]).toContain("this is not JSON");
  });
});
