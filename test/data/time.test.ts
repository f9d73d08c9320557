import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitTable } from "../../src/data/parts.js";
import { from, messages, table } from "./helpers.js";

const half = { train: 0.5, validation: 0, test: 0.5, seed: 0 };

/** What `by: time(when)` makes of the cells of a column: the numbers of the rows that train, or what is wrong. */
function split(cells: readonly string[], share = 0.5) {
  const file = table("times.csv", `when,n\n${cells.map((cell, i) => `"${cell}",${i}`).join("\n")}\n`);
  const by = { name: "time", options: { column: "when" } };
  return splitTable({ ...half, train: share, test: 1 - share, by }, new Map([["", from]]), file);
}

/** The rows in the order of time, found by splitting after each of them. */
function order(cells: readonly string[]): number[] {
  const seen = new Set<number>();
  for (let n = 1; n < cells.length; n++) {
    const { value, diagnostics } = split(cells, n / cells.length);
    expect(messages(diagnostics)).toEqual([]);
    for (const row of value!.train) seen.add(row);
  }
  return [...seen, ...cells.keys()].filter((row, i, all) => all.indexOf(row) === i);
}

describe("dates of ISO 8601 come in the order of time", () => {
  test.each<[string, string[]]>([
    ["days", ["2012-02-01", "2012-01-10", "2011-12-31", "2012-10-03", "2012-09-30"]],
    ["months", ["2012-10", "2012-02", "2011-12"]],
    ["minutes and days", ["2019-01-28T05:00", "2019-01-28", "2019-01-27T23:59:59", "2019-01-28 04:59"]],
    ["a year before 1970", ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "0099-01-01T00:00:00Z"]],
    [
      "offsets",
      [
        "2020-01-01T01:30:00+02:00",
        "2019-12-31T23:00:00Z",
        "2020-01-01T00:00:00+00:00",
        "2019-12-31T20:00:00-05:00",
      ],
    ],
    ["decimals", ["2020-01-01T00:00:00.25", "2020-01-01T00:00:00.025", "2020-01-01T00:00:00.3"]],
  ])("%s", (_, cells) => {
    // What JavaScript's own reader of dates makes of them.
    const read = cells.map((cell) =>
      Date.parse(/T| /.test(cell) ? cell : `${cell}T00:00`.replace(/^(\d{4}-\d\d)T/, "$1-01T")),
    );
    expect(read.some(Number.isNaN)).toBe(false);
    expect(order(cells)).toEqual([...cells.keys()].sort((a, b) => read[a]! - read[b]! || a - b));
  });

  test("whole days with and without hours, drawn by chance", () => {
    const dates = fc.array(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(dates, (all) => {
        expect(order(all.map((d) => d.toISOString()))).toEqual(
          [...all.keys()].sort((a, b) => all[a]!.getTime() - all[b]!.getTime() || a - b),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("nanoseconds, which a sum of seconds would round away", () => {
    const cells = [3, 1, 2].map((n) => `2024-05-05T10:00:00.12345678${n}Z`);
    expect(order(cells)).toEqual([1, 2, 0]);
  });

  test("weeks, days of the year and dates without separators", () => {
    // 2020-W53-7 is Sunday, 3 January 2021 (ISO 8601's own kind of example), and 2021-W01-1 the day after.
    expect(order(["2021-W01-1", "2020-W53-7", "2020-W53"])).toEqual([2, 1, 0]);
    expect(order(["2020-366", "2020-12-30", "2021-001"])).toEqual([1, 0, 2]);
    expect(order(["20200102T0500", "20200101T235959", "20200102T0459"])).toEqual([1, 2, 0]);
    expect(order(["20200102", "20191231"])).toEqual([1, 0]);
  });
});

describe("what cannot be put in order is an error that names a cell", () => {
  const HINT = "Write dates as `2012-02-01` or `2012-02-01T05:00:00`, or numbers that grow with time.";
  const NEITHER = "is neither a number nor an ISO 8601 date";
  test.each<[string[], string]>([
    [["1/2/2012", "2/2/2012"], `\`1/2/2012\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2004-03-10", "10/03/2004"], `\`10/03/2004\` in column \`when\`, line 3, ${NEITHER}.`],
    [["2019-01-28 05:00", "2019-1-28 5:00"], `\`2019-1-28 5:00\` in column \`when\`, line 3, ${NEITHER}.`],
    [["Mar 3 2020", "1"], `\`Mar 3 2020\` in column \`when\`, line 2, ${NEITHER}.`],
    [["10.03.2004", "1"], `\`10.03.2004\` in column \`when\`, line 2, ${NEITHER}.`],
    [["12:30", "12:31"], `\`12:30\` in column \`when\`, line 2, ${NEITHER}.`],
    [["3", "later"], `\`later\` in column \`when\`, line 3, ${NEITHER}.`],
    [["3", ""], `The empty cell in column \`when\`, line 3, ${NEITHER}.`],
    [["NA", "3"], `\`NA\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2019-02-29", "2019-03-01"], `\`2019-02-29\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2019-13-01", "2019-03-01"], `\`2019-13-01\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2019-03-01T25:00", "2019-03-01"], `\`2019-03-01T25:00\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2019-W53", "2019-03-01"], `\`2019-W53\` in column \`when\`, line 2, ${NEITHER}.`],
    [["2019-366", "2019-03-01"], `\`2019-366\` in column \`when\`, line 2, ${NEITHER}.`],
    [
      ["2019", "2019-05"],
      "`2019-05` in column `when`, line 3, is a date where the rows before have numbers.",
    ],
    [["2019-05", "2019"], "`2019` in column `when`, line 3, is a number where the rows before have dates."],
    [
      ["2019-05-01T00:00Z", "2019-05-01"],
      "`2019-05-01` in column `when`, line 3, has no offset from UTC, unlike the rows before.",
    ],
    [
      ["2019-05-01T00:00", "2019-05-01T00:00+01:00"],
      "`2019-05-01T00:00+01:00` in column `when`, line 3, has an offset from UTC, unlike the rows before.",
    ],
  ])("%j", (cells, message) => {
    const { value, diagnostics } = split(cells);
    expect(value).toBeUndefined();
    expect(messages(diagnostics)).toEqual([`NN7020 ${message} | ${HINT}`]);
  });
});
