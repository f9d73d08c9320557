// `npm run fuzz -- models --seed N --count M`: random models on every engine, others than the tests look at.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const USAGE = "npm run fuzz -- models [--seed N] [--count M]";

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
if (given.positionals.join() !== "models") {
  console.error(USAGE);
  process.exit(1);
}
const seed = whole(given.values.seed, "seed");
const count = whole(given.values.count, "count");
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, "run", "test/fuzz/models.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, FUZZ_SEED: String(seed), FUZZ_COUNT: String(count) },
});
process.exit(status ?? 1);
