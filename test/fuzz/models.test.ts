import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, test } from "vitest";
import { compareEngines, type Difference } from "./compare.js";
import { randomCase, type Case } from "./models.js";

/** `npm run fuzz -- models --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 300);

const folder = mkdtempSync(join(tmpdir(), "nnc-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CHUNK = 20;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("random models from seed %d: every engine takes the reference's steps", async (first) => {
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
    const given = randomCase(at);
    const differences = await compare(given);
    // A corner (of a relu, of an absolute value) that the numbers happen to lie on is not met again from other weights.
    const again = { ...given, spec: given.spec.replace(/seed: (\d+)/, "seed: 1$1"), seed: given.seed + 0.5 };
    if (differences.length > 0 && (await compare(again)).length > 0)
      throw new Error(failure(given, differences));
  }
});

function compare(given: Case): Promise<Difference[]> {
  return compareEngines(given, pathToFileURL(`${folder}/`));
}

/** All that is needed to see it again: the spec, its rows, and what differs. */
function failure(given: Case, differences: readonly Difference[]): string {
  const { spec, inputs, labels, rowWeight } = given;
  return [
    `seed ${given.seed}:`,
    spec,
    `// rows: ${JSON.stringify({ inputs, labels, rowWeight })}`,
    ...differences.slice(0, 12).map((difference) => `// ${JSON.stringify(difference)}`),
  ].join("\n");
}
