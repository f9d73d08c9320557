import fc from "fast-check";
import { expect, test } from "vitest";
import { PatternIndex } from "../../src/model/patterns.js";

/** What a pattern means, said the slow way: `*` is one or more segments, and a path without a star names a whole group. */
function means(pattern: string, path: string): boolean {
  const parts = pattern.split(".").map((part) => (part === "*" ? "[^.]+(?:\\.[^.]+)*" : part));
  const group = pattern.includes("*") ? "" : "(?:\\..+)?";
  return new RegExp(`^${parts.join("\\.")}${group}$`).test(path);
}

const segment = fc.constantFrom("a", "b", "c", "constructor");
const paths = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
const patterns = fc
  .array(fc.oneof(segment, fc.constant("*")), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join("."));

test("a tree of patterns says what each of them means", () => {
  fc.assert(
    fc.property(fc.array(patterns, { maxLength: 8 }), paths, (all, path) => {
      const wanted = new Set(all.filter((pattern) => means(pattern, path)));
      expect(new PatternIndex(all).matching(path)).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});
