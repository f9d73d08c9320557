import { expect, test, vi } from "vitest";
import { loadDocument } from "../../src/phases/load.js";
import { expectLinear } from "../work.js";

test("of a document's mistakes as many are told as of a text's", () => {
  const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1]));
  const { diagnostics, document } = loadDocument(JSON.stringify(keys), "many.json");
  expect(document).toBeUndefined();
  expect(diagnostics.length).toBe(501);
  expect(diagnostics.at(-1)?.code).toBe("NN1024");
});

const repeated = (n: number, one: unknown) => Array.from({ length: n }, () => one);
const broken: readonly (readonly [string, (n: number) => object])[] = [
  ["numbers for nodes", (n) => ({ nodes: repeated(n, 1) })],
  ["nodes of other keys", (n) => ({ nodes: repeated(n, { x: 1 }) })],
  ["numbers for tasks", (n) => ({ tasks: repeated(n, 1) })],
  ["numbers for columns", (n) => ({ data: { mappings: [{ name: "x", columns: repeated(n, 1) }] } })],
  ["numbers for mappings", (n) => ({ data: { mappings: repeated(n, 1) } })],
];

test.each(broken)("mistakes take work by their number: %s", (_name, of) => {
  const load = (n: number) => {
    const text = JSON.stringify(of(n));
    return () => loadDocument(text, "many.json");
  };
  expectLinear(load, 100);
});

test.each(broken)("no list of mistakes is copied for each of them: %s", (_name, of) => {
  const concat = vi.spyOn(Array.prototype, "concat");
  const copied = (n: number) => {
    concat.mockClear();
    loadDocument(JSON.stringify(of(n)), "many.json");
    return concat.mock.contexts.reduce(
      (sum: number, list) => sum + (Array.isArray(list) ? list.length : 0),
      0,
    );
  };
  const [few, many] = [copied(200), copied(400)];
  concat.mockRestore();
  expect(many).toBeLessThan(2.5 * few + 1_000);
});
