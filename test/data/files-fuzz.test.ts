import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { randomOf } from "../fuzz/random.js";
import { inspectFile, reader, type Reader } from "./file-detector.js";
import { brokenFile, writtenFile } from "./file-mutants.js";
import { temporaryFolder } from "./helpers.js";

/** `npm run fuzz -- files --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 3000);
/** Of so many files one is trained on. */
const TRAINED = 20;

/** Seeds of cases that once went wrong. */
const corpus = JSON.parse(readFileSync(new URL("../fuzz/corpus/files.json", import.meta.url), "utf8")) as {
  seed: number;
  found: string;
}[];

const folder = temporaryFolder();

/** Every other file is as it was written. */
function fileOf(at: number) {
  const random = randomOf(at);
  const written = writtenFile(random);
  const { name, bytes, rows } = written;
  return at % 2 === 0 ? { name, bytes, told: rows } : { name, bytes: brokenFile(written, random) };
}

async function look(at: number): Promise<void> {
  const file = fileOf(at);
  const found = await inspectFile(reader, folder, file, at % TRAINED < 2);
  if (found.length === 0) return;
  const told = found.map(({ what, detail }) => `// ${what}: ${detail}`).join("\n");
  throw new Error(`seed ${at}, ${file.name}: ${JSON.stringify(Buffer.from(file.bytes).toString())}\n${told}`);
}

const CHUNK = 500;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("data files from seed %d", async (first) => {
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) await look(at);
});

test.each(corpus)("seed $seed, once $found", async ({ seed: at }) => {
  await look(at);
});

test("each detector finds a planted fault", async () => {
  const told = [
    ["1", "a"],
    ["2", "b"],
  ] as const;
  const file = { name: "p.csv", bytes: Buffer.from("n,k\n1,a\n2,b\n") };
  const whatOf = async (
    planted: Partial<Reader>,
    given: Parameters<typeof inspectFile>[2] = { ...file, told },
  ) => (await inspectFile({ ...reader, ...planted }, folder, given, true)).map(({ what }) => what);
  expect(await whatOf({})).toEqual([]);
  expect(await whatOf({}, file)).toEqual([]);
  const thrown = () => {
    throw new TypeError("planted");
  };
  expect(await whatOf({ read: thrown })).toEqual(["throws"]);
  expect(await whatOf({ fit: async () => thrown() })).toEqual(["throws"]);
  expect(await whatOf({}, { name: "p.csv", bytes: Buffer.from("n,k\n1\n"), told })).toEqual(["refused"]);
  expect(
    await whatOf({ read: () => ({ rows: undefined, bound: undefined, diagnostics: [] }) }, file),
  ).toEqual(["refused"]);
  // A row that is dropped, a cell that is changed, also where only the simple reader says what is there.
  const changed = (change: (rows: (readonly [string, string])[]) => (readonly [string, string])[]) => ({
    read: (path: string) => {
      const read = reader.read(path);
      return { ...read, rows: read.rows && change([...read.rows]) };
    },
  });
  for (const given of [file, { ...file, told }]) {
    expect(
      await whatOf(
        changed((rows) => rows.slice(1)),
        given,
      ),
    ).toEqual(["other rows"]);
    expect(
      await whatOf(
        changed((rows) => rows.map(([n, k]) => [n, k.toUpperCase()])),
        given,
      ),
    ).toEqual(["other rows"]);
  }
  // 0x10 read as 16, as `Number` does, and a number that is read as another.
  const numbered = (value: number): Partial<Reader> => ({
    read: (path) => {
      const read = reader.read(path);
      const field = { width: 1, values: Float64Array.of(value) };
      const bound = {
        rows: 1,
        inputs: new Map([["n", field]]),
        labels: new Map([["t", field]]),
        rowWeights: new Map(),
        columns: new Map(),
        classes: undefined,
        source: undefined,
      };
      return { ...read, bound, diagnostics: [] };
    },
  });
  expect(await whatOf(numbered(16), { name: "p.csv", bytes: Buffer.from("n,k\n0x10,a\n") })).toEqual([
    "other numbers",
  ]);
  expect(await whatOf(numbered(7), { name: "p.csv", bytes: Buffer.from("n,k\n6e2,a\n") })).toEqual([
    "other numbers",
  ]);
  // A message that carries what a file holds to a terminal as it is.
  const bad = { name: "p.csv", bytes: Buffer.from("n,k\n\u001b[31m,a\n") };
  expect(await whatOf({}, bad)).toEqual([]);
  const raw = () => "`\u001b[31m` is not a number";
  expect(await whatOf({ render: raw }, bad)).toEqual(["raw text"]);
});
