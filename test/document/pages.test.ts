import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { apiPage } from "../../scripts/api/page.mjs";
import { optionsOfCalls } from "../../src/calls.js";
import { diagnosticsPage } from "../../src/diagnostics/page.js";
import { libraryPage } from "../../src/library/page.js";
import { optionsOf, startOptions } from "../../src/runtime/arguments.js";
import { metaOptionsOf } from "../../src/runtime/meta/arguments.js";
import { version } from "../../src/cli/version.js";

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the generated pages are those of the catalogue and the library (npm run generate:docs)", () => {
  expect(file("docs/diagnostics.md")).toBe(diagnosticsPage());
  expect(file("docs/library.md")).toBe(libraryPage());
});

const tables = { ...optionsOfCalls, createModel: startOptions, ...optionsOf, ...metaOptionsOf };

test("the page of the calls says what their tables and the comments of their types say (npm run generate:docs)", async () => {
  const style = await resolveConfig("docs/api.md");
  expect(file("docs/api.md")).toBe(await format(apiPage(tables), { ...style, parser: "markdown" }));
});

test("an option that nothing is said of is no option of the page", () => {
  expect(() =>
    apiPage({ ...tables, partialFit: { ...tables.partialFit, momentum: tables.partialFit.lr } }),
  ).toThrow("the option momentum of partialFit has no doc comment");
});

test("the version is package.json's", () => {
  expect((JSON.parse(file("package.json")) as { version: string }).version).toBe(version);
});
