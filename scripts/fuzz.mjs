// `npm run fuzz -- models|modules|texts|documents|calls|checkpoints|files --seed N --count M`: random models on every engine and as
// modules, mutants of specs, of model documents, of calls' arguments, of checkpoints and of data files, others than the tests look at.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const FILES = new Map([
  ["models", "test/fuzz/models.test.ts"],
  ["texts", "test/front/texts.test.ts"],
  ["documents", "test/front/documents.test.ts"],
  ["calls", "test/fuzz/calls.test.ts"],
  ["modules", "test/fuzz/modules.test.ts"],
  ["checkpoints", "test/runtime/checkpoints-fuzz.test.ts"],
  ["files", "test/data/files-fuzz.test.ts"],
]);
const USAGE = `npm run fuzz -- ${[...FILES.keys()].join("|")} [--seed N] [--count M]`;

function whole(text, name) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} is a whole number, not ${text}. ${USAGE}`);
  process.exit(1);
}

let given;
try {
  given = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string", default: "1000" }, count: { type: "string", default: "300" } },
  });
} catch (error) {
  console.error(`${error.message} ${USAGE}`);
  process.exit(1);
}
const file = FILES.get(given.positionals.join());
if (file === undefined) {
  console.error(USAGE);
  process.exit(1);
}
const seed = whole(given.values.seed, "seed");
const count = whole(given.values.count, "count");
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/** Cases of one process: the modules that a model imports stay in its memory. */
const MOST = given.positionals[0] === "models" ? 200 : 20_000;

let failed = 0;
for (let first = seed; first < seed + count; first += MOST) {
  const { status } = spawnSync(process.execPath, [vitest, "run", file], {
    stdio: "inherit",
    env: {
      ...process.env,
      FUZZ_SEED: String(first),
      FUZZ_COUNT: String(Math.min(MOST, seed + count - first)),
    },
  });
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
