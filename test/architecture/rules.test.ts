import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const planted: string[] = [];

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file, { force: true });
});

/** What the lint says of files that are planted for the time of one run. */
function lintWith(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(`${root}${path}`, text);
    planted.push(`${root}${path}`);
  }
  const oxlint = `${root}node_modules/oxlint/bin/oxlint`;
  try {
    return execFileSync(process.execPath, [oxlint, "--format", "unix", ...Object.keys(files)], {
      cwd: root,
      encoding: "utf8",
    });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}

test.each([
  ["src/backends/tfjs/planted.ts", "../../phases/1-parse.js"],
  ["src/engines/planted.ts", "../syntax/tree.js"],
  ["src/emit/planted.ts", "../../grammar/index.js"],
  ["src/library/planted.ts", "../phases/1-parse.js"],
  ["src/library/losses/planted.ts", "../../backends/tfjs/table.js"],
  ["src/tensor/planted.ts", "../library/index.js"],
  ["grammar/planted.ts", "../src/source/index.js"],
  ["src/source/planted.ts", "../diagnostics/index.js"],
  ["src/diagnostics/planted.ts", "../library/index.js"],
  ["src/diagnostics/codes/planted.ts", "../../tensor/index.js"],
  ["src/phases/planted.ts", "../cli/exit.js"],
  ["src/runtime/planted.ts", "../tensor/index.js"],
  ["src/runtime/tfjs/planted.ts", "../../source/index.js"],
  ["src/document/planted.ts", "../phases/1-parse.js"],
  ["src/model/planted.ts", "../phases/1-parse.js"],
  ["src/library/planted.ts", "../model/analysis.js"],
  ["src/phases/3-check/planted.ts", "node:fs"],
])("%s must not import %s", (file, imported) => {
  expect(
    lintWith({ [file]: `import * as other from "${imported}";\nexport const planted = other;\n` }),
  ).toContain("no-restricted-imports");
});

test("no process or console outside the command line and the readers", () => {
  expect(lintWith({ "src/phases/planted.ts": "export const planted = process.argv;\n" })).toContain(
    "no-restricted-globals",
  );
  expect(lintWith({ "src/phases/planted.ts": "console.log(1);\nexport {};\n" })).toContain("no-console");
});

test("no import cycle, not even of types", () => {
  const found = lintWith({
    "src/tensor/planted-a.ts": 'import type { B } from "./planted-b.js";\nexport type A = B | 1;\n',
    "src/tensor/planted-b.ts": 'import type { A } from "./planted-a.js";\nexport type B = A | 2;\n',
  });
  expect(found).toContain("no-cycle");
});

test("allowed imports pass", () => {
  const file = {
    "src/library/planted.ts": 'import { ops } from "../tensor/index.js";\nexport const planted = ops;\n',
  };
  expect(lintWith(file)).not.toContain("planted.ts:");
});
