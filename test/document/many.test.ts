import { expect, test } from "vitest";
import { loadDocument } from "../../src/phases/load.js";

test("of a document's mistakes as many are told as of a text's", () => {
  const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1]));
  const { diagnostics, document } = loadDocument(JSON.stringify(keys), "many.json");
  expect(document).toBeUndefined();
  expect(diagnostics.length).toBe(501);
  expect(diagnostics.at(-1)?.code).toBe("NN1024");
});
