import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticsPage } from "../../src/diagnostics/page.js";
import { libraryPage } from "../../src/library/page.js";
import { version } from "../../src/cli/version.js";

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the generated pages are those of the catalogue and the library (npm run generate:docs)", () => {
  expect(file("docs/diagnostics.md")).toBe(diagnosticsPage());
  expect(file("docs/library.md")).toBe(libraryPage());
});

test("the version is package.json's", () => {
  expect((JSON.parse(file("package.json")) as { version: string }).version).toBe(version);
});
