import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { randomOf } from "../fuzz/random.js";
import { inspectLoad, type Target } from "./checkpoint-detector.js";
import { partsOf, sealedBytes } from "./checkpoint-file.js";
import { checkpointMutant } from "./checkpoint-mutants.js";
import { makeSubjects } from "./checkpoint-targets.js";

/** `npm run fuzz -- checkpoints --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 3000);

/** Seeds of cases that once went wrong. */
const corpus = JSON.parse(
  readFileSync(new URL("../fuzz/corpus/checkpoints.json", import.meta.url), "utf8"),
) as { seed: number; found: string }[];

const subjects = await makeSubjects();

function mutantOf(at: number) {
  const random = randomOf(at);
  const subject = random.pick(subjects);
  const other = random.pick(subjects);
  return { subject, mutant: checkpointMutant(subject.original, other.original, random) };
}

async function look(at: number): Promise<boolean> {
  const { subject, mutant } = mutantOf(at);
  const { target, before, original } = subject;
  const { found, accepted } = await inspectLoad(target, before, original, mutant.bytes);
  if (found.length === 0) return accepted;
  const told = found.map(({ what, detail }) => `// ${what}: ${detail}`).join("\n");
  throw new Error(`seed ${at}, of ${subject.name}, by ${mutant.how}:\n${told}`);
}

const CHUNK = 500;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("mutants of checkpoints from seed %d", async (first) => {
  let accepted = 0;
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) if (await look(at)) accepted++;
  // Where every file is refused, nothing is seen of what is restored.
  expect(accepted).toBeGreaterThan(0);
  if (process.env["FUZZ_SEED"] !== undefined) console.log(`${accepted} accepted`);
});

test.each(corpus)("seed $seed, once $found", async ({ seed: at }) => {
  await look(at);
});

const first = subjects[0]!;

/** What is found where a model is as it should be, but for this. */
async function whatOf(planted: Partial<Target>, changed: Uint8Array) {
  const { target, before, original } = first;
  const { load, save } = target;
  const faulty: Target = {
    descriptor: target.descriptor,
    load: load.bind(target),
    loadWeights: target.loadWeights.bind(target),
    save: save.bind(target),
    setWeight: target.setWeight.bind(target),
    resume: target.resume,
    reset: target.reset,
    ...planted,
  };
  const { found } = await inspectLoad(faulty, before, original, changed);
  return found.map(({ what, detail }) => `${what} ${detail.split("\n")[0]}`);
}

/** The first subject's checkpoint with something else in it, under a digest that fits. */
function resealed(change: (parts: ReturnType<typeof partsOf>) => void): Uint8Array {
  const parts = partsOf(first.original);
  change(parts);
  return sealedBytes(parts);
}

test("each detector finds a planted fault", async () => {
  const { target, original } = first;
  const broken = original.slice();
  broken[broken.length - 1]! ^= 1;
  expect(await whatOf({}, original)).toEqual([]);
  expect(await whatOf({}, broken)).toEqual([]);
  const thrown = async () => {
    throw new TypeError("planted");
  };
  expect(await whatOf({ load: thrown }, original)).toEqual(["throws TypeError: planted"]);
  expect(await whatOf({ loadWeights: thrown }, broken)).toEqual(["throws TypeError: planted"]);
  // A digest that nobody looks at.
  const trusting = () => target.load(original);
  expect(await whatOf({ load: trusting }, broken)).toEqual(["silent the digest is of another file"]);
  // A refusal that has written something before.
  const hasty = async (bytes: Uint8Array) => {
    await target.setWeight("t.dense.bias", [7]);
    return target.load(bytes);
  };
  expect(await whatOf({ load: hasty }, broken)).toEqual(["changed by a refusal "]);
  // Weights, progress and texts that are not restored; here the original's are, whatever the file says.
  const otherWeight = resealed(({ data }) => data.fill(1, data.length - 4));
  expect(await whatOf({ load: trusting }, otherWeight)).toEqual([expect.stringContaining("is another one")]);
  const otherStep = resealed(({ texts }) => {
    const entry = texts.find(([key]) => key === "progress")!;
    entry[1] = String(entry[1]).replace(/"step":\d+/, '"step":999');
  });
  expect(await whatOf({ load: trusting }, otherStep)).toEqual([expect.stringContaining("silent progress:")]);
  const more = resealed(
    ({ header }) => void header.push(["zz", { dtype: "F32", shape: [0], data_offsets: [0, 0] }]),
  );
  expect(await whatOf({ load: trusting }, more)).toEqual(["silent zz was dropped"]);
  // Slots that begin anew without a word.
  const slotless = resealed((parts) => {
    parts.header = parts.header.filter(([name]) => !name.startsWith("t.dense.bias/"));
  });
  const going = { load: trusting, resume: async () => {} };
  expect(await whatOf(going, slotless)).toEqual(["silent training goes on although something is missing"]);
});
