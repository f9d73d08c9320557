import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** A copy of nothing but the lint, so that violations are never planted among the real files. */
const copy = mkdtempSync(join(tmpdir(), "nnc-walls-"));

beforeEach(() => {
  rmSync(copy, { recursive: true, force: true });
  for (const path of ["lint", ".oxlintrc.json"])
    cpSync(join(root, path), join(copy, path), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What the lint says of these files, a line for each message. */
function lint(files: Readonly<Record<string, string>>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  try {
    const options = { cwd: copy, encoding: "utf8", maxBuffer: 1e8, stdio: "pipe" } as const;
    return execFileSync(process.execPath, [oxlint, "--format", "unix", ...Object.keys(files)], options).split(
      "\n",
    );
  } catch (error) {
    return String((error as { stdout: string }).stdout).split("\n");
  }
}

const walls = JSON.parse(readFileSync(join(root, "lint/walls.json"), "utf8")) as Record<
  string,
  readonly string[]
>;
const rooms = Object.keys(walls);
const packages = [...new Set(Object.values(walls).flat())].filter(
  (name) => !name.startsWith("src") && name !== "grammar" && name !== "node:*",
);
const asked = [...rooms, ...packages, "node:fs", "left-pad"];

function specifierOf(from: string, to: string): string {
  if (!rooms.includes(to)) return to;
  const path = relative(from, join(to, "index.js")).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

function isAllowed(from: string, to: string): boolean {
  const list = walls[from]!;
  return from === to || list.includes(to) || (to.startsWith("node:") && list.includes("node:*"));
}

test("every pair of folders: an import that is listed passes, any other is refused", () => {
  const files = rooms.map((room) => {
    const lines = asked.map((to, i) => `export * as from${i} from "${specifierOf(room, to)}";`);
    return [`${room}/planted.ts`, `${lines.join("\n")}\n`] as const;
  });
  const found = lint(Object.fromEntries(files)).filter((line) => line.includes("nnc(walls)"));
  const refused = new Set(found.map((line) => /^(.*?planted\.ts):(\d+):/.exec(line)?.slice(1).join(":")));
  for (const from of rooms)
    for (const [i, to] of asked.entries()) {
      const told = refused.has(`${from}/planted.ts:${i + 1}`);
      expect([from, to, told ? "refused" : "passes"]).toEqual([
        from,
        to,
        isAllowed(from, to) ? "passes" : "refused",
      ]);
    }
});

test("dynamic imports and imports of types are imports", () => {
  const file =
    'export const a = () => import("../phases/1-parse.js");\nexport type B = import("../syntax/tree.js").Tree;\n';
  expect(lint({ "src/tensor/planted.ts": file }).filter((line) => line.includes("nnc(walls)"))).toHaveLength(
    2,
  );
});

test("a folder that is not listed fails until it is", () => {
  const told = lint({
    "src/novel/planted.ts": 'import { span } from "../source/index.js";\nexport { span };\n',
  });
  expect(told.join("\n")).toContain("src/novel is not in lint/walls.json");
});

test("no process or console outside the command line and the readers", () => {
  const file = "export const planted = process.argv;\nconsole.log(1);\n";
  const told = lint({ "src/phases/planted.ts": file, "src/cli/planted.ts": file }).join("\n");
  expect(told).toMatch(/src\/phases\/planted\.ts:1:.*no-restricted-globals/);
  expect(told).toMatch(/src\/phases\/planted\.ts:2:.*no-console/);
  expect(told).not.toContain("src/cli");
});

test("texts never become part of an expression", () => {
  const file =
    "export const planted = (text: string) => [new RegExp(text), RegExp(`a${text}`), /a/, new RegExp(`b`)];\n";
  const told = lint({ "src/phases/planted.ts": file }).filter((line) => line.includes("fixed-patterns"));
  expect(told).toHaveLength(2);
});

test("texts are never keys of plain objects, unless they are asked for first", () => {
  const bad = [
    "export const read = (r: Readonly<Record<string, number>>, k: string) => r[k];",
    "export function write(k: string) { const made: Record<string, number> = {}; made[k] = 1; return made; }",
    "export const bare = (k: string) => { const made = {}; return Object.assign(made, { a: made[k as never] }); };",
    "export class Held { readonly all: { [name: string]: number } = {}; read(k: string) { return this.all[k]; } }",
  ];
  const good = [
    "export const fixed = (r: Record<string, number>) => r['a'];",
    "export const own = (r: Record<string, number>, k: string) => (Object.hasOwn(r, k) ? r[k] : undefined);",
    "export const listed = (r: readonly number[], k: number) => r[k];",
    "export const kinds = (r: Record<'a' | 'b', number>, k: 'a' | 'b') => r[k];",
    "export function none(k: string) { const r: Record<string, 1> = Object.create(null); r[k] = 1; return r; }",
  ];
  const lines = [...bad, ...good];
  const told = lint({ "src/phases/planted.ts": `${lines.join("\n")}\n` }).filter((l) =>
    l.includes("plain-keys"),
  );
  const at = new Set(told.map((line) => Number(/planted\.ts:(\d+)/.exec(line)?.[1])));
  expect([...at]).toEqual(bad.map((_, i) => i + 1));
});

test("a cast says why it holds, and nothing is asserted to be there but an array's element", () => {
  const lines = [
    "export const a = (x: unknown) => x as string;",
    "export const b = (x: string | undefined) => x!;",
    "export const c = (x: { readonly y?: string }) => x.y!;",
    "export const d = (x: readonly string[]) => x.at(-1)!;",
    "// It is a text.",
    "export const e = (x: unknown) => x as string;",
    "export const f = { x: 1 } as const;",
    "export const g = (x: readonly string[], i: number) => x[i]!;",
  ];
  const told = lint({ "src/phases/planted.ts": `${lines.join("\n")}\n` }).filter((l) =>
    l.includes("assertions"),
  );
  expect(told.map((line) => Number(/planted\.ts:(\d+)/.exec(line)?.[1])).toSorted()).toEqual([1, 2, 3, 4]);
});

test("no list is spread into a call that takes any number of arguments, unless a comment says that it is short", () => {
  const lines = [
    "export const a = (l: number[], m: readonly number[]) => l.push(...m);",
    "export const b = (l: number[], m: readonly number[]) => l.unshift(1, ...m);",
    "export const c = (l: number[], m: readonly number[]) => l.splice(0, 1, ...m);",
    "export const d = (m: readonly number[]) => Math.max(0, ...m);",
    "export const e = (m: readonly number[]) => Math.min(...m);",
    "export const f = (m: readonly number[]) => String.fromCharCode(...m);",
    "// Two ends.",
    "export const g = (m: readonly [number, number]) => Math.max(...m);",
    "export const h = (m: readonly number[]) => [0, ...m];",
    "export const i = (l: number[]) => l.push(1, 2);",
  ];
  const told = lint({ "src/phases/planted.ts": `${lines.join("\n")}\n` }).filter((l) =>
    l.includes("spreads"),
  );
  expect(told.map((line) => Number(/planted\.ts:(\d+)/.exec(line)?.[1])).toSorted()).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});

test("no import cycle, not even of types", () => {
  const told = lint({
    "src/tensor/planted-a.ts": 'import type { B } from "./planted-b.js";\nexport type A = B | 1;\n',
    "src/tensor/planted-b.ts": 'import type { A } from "./planted-a.js";\nexport type B = A | 2;\n',
  });
  expect(told.join("\n")).toContain("no-cycle");
});
