import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/security.md", root), "utf8");
const promised = page.slice(page.indexOf("## Promised"), page.indexOf("## Not promised"));

/** The items of the lists, each as one line. */
const promises = promised
  .split(/^- /m)
  .slice(1)
  .map((item) => item.split("\n\n")[0]!.replaceAll(/\s+/g, " "));

test.each(promises)("there is a test behind: %s", (promise) => {
  const named = promise.match(/test\/[\w/-]+\.test\.ts/g) ?? [];
  expect(named).not.toEqual([]);
  expect(named.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
});
