import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { specText } from "../helpers.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

const data = fileURLToPath(new URL("../../specs/data/letters.csv.gz", import.meta.url));

interface End {
  readonly metrics: {
    readonly letter: { readonly accuracy: { readonly mean: number; readonly interval: number } };
  };
}

/** Accuracy on 600 tasks of letters that were not trained on, of the weights that did best on validation letters. */
async function accuracy(algorithm: string, shots: number, steps: number): Promise<number> {
  const cwd = temporaryFolder();
  const spec = specText("meta/letters")
    .replace("../data/letters.csv.gz", data)
    .replace(/algorithm: .*/, `algorithm: ${algorithm}`)
    .replace("support: 1", `support: ${shots}`);
  writeFileSync(join(cwd, "letters.nnspec"), spec);
  const { code, stdout } = await nnc(["train", "letters.nnspec", "--json", "--steps", String(steps)], {
    cwd,
  });
  expect(code).toBe(0);
  const { mean, interval } = (jsonLines(stdout).at(-1) as unknown as End).metrics.letter.accuracy;
  expect(interval).toBeLessThan(0.01);
  return mean;
}

// Raw rows come to 0.49 and 0.66 on these letters; the interval of a model is ± 0.01 at most.
test.each([
  [1, 0.59],
  [5, 0.75],
])("5-way with %s of a letter: prototypes are learned that do better than raw ones", async (shots, least) => {
  const raw = await accuracy("protonet(embed: measures)", shots, 1);
  const learned = await accuracy("protonet(embed: h)", shots, 600);
  expect(learned).toBeGreaterThanOrEqual(least);
  expect(learned).toBeGreaterThan(raw + 0.05);
});

test("the baseline trains on all letters and fine-tunes", async () => {
  const untrained = await accuracy("supervised(embed: h, inner_steps: 20, inner_lr: 0.1)", 5, 1);
  const trained = await accuracy("supervised(embed: h, inner_steps: 20, inner_lr: 0.1)", 5, 300);
  expect(trained).toBeGreaterThan(untrained + 0.03);
  expect(trained).toBeGreaterThan(0.72);
});
