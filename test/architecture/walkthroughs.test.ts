import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(new URL("../../docs/walkthroughs.md", import.meta.url), "utf8");
const diffs = [...page.matchAll(/^## (.*)$[^]*?^```diff\n([^]*?)^```$/gm)].map(
  ([, title, diff]) => [title, diff] as const,
);

test("the page has its three diffs", () => {
  expect(diffs.map(([title]) => title)).toEqual(["A layer", "A primitive", "A diagnostic"]);
});

test.each(diffs)("%s: the diff applies to the tree as it is", (_, diff) => {
  execFileSync("git", ["apply", "--check", "-"], { cwd: root, input: diff, stdio: ["pipe", "pipe", "pipe"] });
});

test("a spec's way names functions that there are", () => {
  const architecture = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8");
  const way = /## One spec's way[^]*?(?=^## )/m.exec(architecture)?.[0] ?? "";
  const names = new Set(
    [...way.matchAll(/`([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)`/g)].map(([, name]) => name!),
  );
  expect(names.size).toBeGreaterThan(30);
  const text = execFileSync(
    "git",
    ["grep", "-hoE", "\\b(function|const|class|interface|type) [A-Za-z]+", "--", "src", "grammar"],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1e8,
    },
  );
  const declared = new Set(text.split("\n").map((line) => line.split(" ")[1]));
  expect([...names].filter((name) => !declared.has(name))).toEqual([]);
});
