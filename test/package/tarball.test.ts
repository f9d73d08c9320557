import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { beforeAll, expect, test } from "vitest";
import { installed, packed, root, writeFiles } from "./installed.js";

let folder: string;
let own: string;
let files: readonly string[];

beforeAll(() => {
  folder = installed();
  own = join(folder, "node_modules/nnspec");
  files = readdirSync(own, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(own, file)).isFile(),
  );
});

/** The names by which a page's headings are linked to. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("every link of a page leads to a file of the package, or somewhere with an address of its own", () => {
  const pages = files.filter((file) => file.endsWith(".md"));
  expect(pages).toContain("README.md");
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, link = ""] of readFileSync(join(own, page), "utf8").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (link.startsWith("https:")) continue;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? join(own, page) : join(own, dirname(page), path);
      const leads =
        existsSync(target) &&
        (anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor));
      if (!leads) broken.push(`${page}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test("nothing of the package leads to sources that are not in it", () => {
  expect(files.filter((file) => /\.map$|\.ebnf$|^(grammar|src|assembly|test)\//.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
  const scripts = files.filter((file) => /\.(js|d\.ts)$/.test(file));
  expect(
    scripts.filter((file) => readFileSync(join(own, file), "utf8").includes("sourceMappingURL")),
  ).toEqual([]);
});

test("nothing runs when it is installed", () => {
  const { scripts } = JSON.parse(readFileSync(join(own, "package.json"), "utf8")) as { scripts: object };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});

test("it is at most 45 MB and 25 packages with what it depends on", () => {
  const { packages } = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: object;
  };
  expect(Object.keys(packages).length).toBeLessThanOrEqual(25);
  const all = readdirSync(join(folder, "node_modules"), { recursive: true, encoding: "utf8" });
  // What they take on a disk, in its blocks.
  const blocks = all.map((file) => Math.ceil(statSync(join(folder, "node_modules", file)).size / 4096));
  const bytes = 4096 * blocks.reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeLessThanOrEqual(45e6);
});

test("publint has nothing to say of it", async () => {
  const { messages, pkg } = await publint({ pkgDir: own, level: "suggestion" });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test("attw has nothing to say of its types", () => {
  const attw = ["--yes", "@arethetypeswrong/cli@0.18.5", "--profile", "esm-only", packed()];
  expect(() => execFileSync("npx", attw, { cwd: folder, encoding: "utf8", stdio: "pipe" })).not.toThrow();
});

test("its types have no errors where nothing else is installed", () => {
  const use = `import { compile } from "nnspec";
import { startModel } from "nnspec/runtime";
import { startWasm } from "nnspec/runtime/wasm";
import { tfjs } from "nnspec/tfjs";
export const uses: readonly unknown[] = [compile("").create({ engine: tfjs }), startModel, startWasm];`;
  writeFiles(folder, { "use.mts": use });
  const tsc = [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--types", ""];
  const host = ["--target", "es2023", "--module", "nodenext", "use.mts"];
  expect(() =>
    execFileSync(process.execPath, [...tsc, ...host], { cwd: folder, encoding: "utf8", stdio: "pipe" }),
  ).not.toThrow();
});

test("the command runs, and trains a spec that the package brings", () => {
  const nnc = (...args: string[]) => execFileSync("npx", ["nnc", ...args], { cwd: folder, encoding: "utf8" });
  const spec = "node_modules/nnspec/specs/penguins.nnspec";
  expect(nnc("train", spec, "--epochs", "1", "-o", "penguins.safetensors")).toContain("on the test part:");
});
