import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

/** The specs in a Markdown page: code blocks that hold a whole model. */
function specsOf(page: string): string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/```nnspec\n(.*?)```/gs)]
    .map((m) => m[1]!)
    .filter((spec) => /^model /m.test(spec));
}

test.each(["README.md", "docs/language.md"])("the specs of %s compile without a word", (page) => {
  const specs = specsOf(page);
  expect(specs.length).toBeGreaterThan(0);
  for (const spec of specs) expect(compile(spec).diagnostics).toEqual([]);
});
