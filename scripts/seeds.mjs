// Trains specs with several seeds, each with its own split, and prints the test part's metrics as a Markdown table.
// node scripts/seeds.mjs [--seeds 5] specs/penguins.nnspec specs/penguins-linear.nnspec
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: { seeds: { type: "string", default: "5" } },
  allowPositionals: true,
});
const nnc = fileURLToPath(new URL("../dist/bin/nnc.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nnc-seeds-"));

function endOf(spec, seed) {
  const args = [
    nnc,
    "train",
    spec,
    "--seed",
    String(seed),
    "--resplit",
    "--force",
    "--json",
    "-o",
    join(folder, "x.safetensors"),
  ];
  const lines = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 })
    .trim()
    .split("\n");
  return JSON.parse(lines.at(-1));
}

function show(numbers) {
  const mean = numbers.reduce((a, x) => a + x, 0) / numbers.length;
  const deviation = Math.sqrt(
    numbers.reduce((a, x) => a + (x - mean) ** 2, 0) / Math.max(1, numbers.length - 1),
  );
  const digits = mean >= 10 ? 0 : 3;
  return `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

let header;
for (const spec of positionals) {
  const ends = Array.from({ length: Number(values.seeds) }, (_, seed) => endOf(spec, seed));
  const columns = Object.entries(ends[0].metrics).flatMap(([task, metrics]) =>
    Object.keys(metrics).map((m) => [task, m]),
  );
  if (!header) {
    header = ["spec", ...columns.map(([task, metric]) => `${task} ${metric}`), "seconds"];
    console.log(`| ${header.join(" | ")} |\n|${" --- |".repeat(header.length)}`);
  }
  const cells = columns.map(([task, metric]) => show(ends.map((e) => e.metrics[task][metric])));
  console.log(`| ${[basename(spec), ...cells, show(ends.map((e) => e.seconds))].join(" | ")} |`);
}
rmSync(folder, { recursive: true, force: true });
