import fc from "fast-check";
import { expect, test } from "vitest";
import { groupEpisodes, InputError } from "../../src/index.js";
import { uniformOf } from "../../src/runtime/meta/episodes.js";

/** Rows that tell their group and their number: input 1000 · group + row, label its negative. */
function rowsOf(sizes: readonly number[]) {
  const groups = sizes.flatMap((size, g) => Array.from({ length: size }, () => `g${g}`));
  const marks = sizes.flatMap((size, g) => Array.from({ length: size }, (_, i) => 1000 * g + i));
  return {
    inputs: { x: Float64Array.from(marks.flatMap((m) => [m, m + 0.5])) },
    labels: { y: Float64Array.from(marks, (m) => -m) },
    groups,
  };
}

test("an episode is of one group, each row once, labels with their inputs, and the seed makes it again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 6, max: 20 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(1000),
      (sizes, support, query, seed) => {
        const draw = groupEpisodes(
          rowsOf(sizes),
          sizes.map((_, g) => `g${g}`),
        );
        const episode = draw(uniformOf(seed, "train", 7), { support, query });
        expect(draw(uniformOf(seed, "train", 7), { support, query })).toEqual(episode);
        const marks = [episode.support, episode.query].flatMap(({ inputs, labels }) => {
          const x = [...(inputs["x"] as Float64Array)];
          const y = [...(labels["y"] as Float64Array)];
          expect(x).toEqual(y.flatMap((value) => [-value, 0.5 - value]));
          return y.map((value) => -value);
        });
        expect(marks).toHaveLength(support + query);
        expect(new Set(marks).size).toBe(marks.length);
        expect(new Set(marks.map((mark) => Math.floor(mark / 1000))).size).toBe(1);
      },
    ),
  );
});

test("every group is as likely, whatever its size", () => {
  const draw = groupEpisodes(rowsOf([6, 60]), ["g0", "g1"]);
  const first = Array.from({ length: 400 }, (_, task) => {
    const { inputs } = draw(uniformOf(1, "test", task), { support: 2, query: 2 }).support;
    return (inputs["x"] as Float64Array)[0]! < 1000;
  });
  // Four standard deviations of a fair coin.
  expect(Math.abs(first.filter(Boolean).length - 200)).toBeLessThan(40);
});

test("groups that are not there, or too small", () => {
  expect(() => groupEpisodes(rowsOf([6]), [])).toThrow(InputError);
  const draw = groupEpisodes(rowsOf([6]), ["g0"]);
  expect(() => draw(uniformOf(1, "test", 0), { support: 4, query: 4 })).toThrow(
    "the group g0 has 6 rows; an episode takes 8.",
  );
});
