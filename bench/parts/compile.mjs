import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transformSync } from "esbuild";
import { generated } from "../generated-spec.mjs";
import { here, measure, nnc } from "../process.mjs";
import { median } from "../timing.mjs";

function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "nnspec-bench-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of a whole process, the median of several. */
function cold(args, repeats) {
  return median(
    Array.from({ length: repeats }, () => {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [nnc, ...args], { encoding: "utf8" });
      if (status !== 0) throw new Error(`nnc ${args.join(" ")} ended with ${status}: ${stderr}`);
      return performance.now() - start;
    }),
  );
}

/** Phases in a process, whole commands, and growth. */
export function compileTable({ quick }) {
  const rows = [];
  const row = (name, ms, wanted, more = "") => {
    const met = wanted === undefined ? undefined : ms < wanted;
    const verdict = met === undefined ? "" : `  (${met ? "met" : "MISSED"}: ${wanted} ms)`;
    console.log(`  ${name.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms${verdict}${more}`);
    rows.push({ name, ms, ...(met === undefined ? {} : { wanted, met }) });
  };
  const repeats = quick ? 3 : 9;

  console.log("\nwhole processes, cold");
  inFolder((folder) => {
    row("nnc --version", cold(["--version"], repeats), 150);
    const penguins = here("../specs/penguins.nnspec");
    row("nnc check specs/penguins.nnspec", cold(["check", penguins], repeats));
    row("nnc compile specs/penguins.nnspec", cold(["compile", penguins, "-o", folder], repeats), 400);
    let before;
    for (const layers of [100, 200, 400, 800]) {
      const spec = join(folder, `deep${layers}.nnspec`);
      writeFileSync(spec, generated("chain", layers));
      const ms = cold(["compile", spec, "-o", folder], quick ? 1 : 3);
      const growth = before === undefined ? "" : `  x ${(ms / before).toFixed(2)} of half as many`;
      row(`nnc compile, ${layers} layers`, ms, layers === 200 ? 1000 : undefined, growth);
      before = ms;
    }
  });

  checkRows(row, quick);
  return rows;
}

function checkRows(row, quick) {
  console.log("\nphases of `nnc check` on a generated spec, after start");
  for (const kind of ["chain", "pipe", "repeat"]) {
    const of = (layers) => {
      const runs = Array.from({ length: quick ? 1 : 3 }, () =>
        measure(process.execPath, [here("compile-time.mjs"), kind, String(layers)]),
      );
      const failed = runs.find((run) => run.cannot !== undefined);
      if (failed) throw new Error(`${kind} of ${layers}: ${failed.cannot}`);
      return median(runs.map((run) => run.ms));
    };
    const [thousand, tenThousand] = [of(1000), of(10_000)];
    row(`check ${kind}, 1,000 layers`, thousand, 1000);
    const ratio = tenThousand / thousand;
    row(`check ${kind}, 10,000 layers`, tenThousand, Math.round(12 * thousand), `  x ${ratio.toFixed(1)}`);
  }
}

const MOST_BYTES = 61_440;

/** The seed as a module that stands alone, minified and gzipped. */
export function sizeTable() {
  return inFolder((folder) => {
    const spec = here("../specs/two-towers.nnspec");
    cold(["compile", spec, "--standalone", "-o", folder], 1);
    const text = readFileSync(join(folder, "two-towers.js"), "utf8");
    const minified = transformSync(text, { minify: true, format: "esm", legalComments: "none" }).code;
    const gzipped = gzipSync(minified, { level: 9 }).length;
    const met = gzipped <= MOST_BYTES;
    console.log(
      `\nsize of the seed's standalone module\n  ${text.length} bytes, minified ${minified.length}, gzipped ${gzipped}  (${met ? "met" : "MISSED"}: ${MOST_BYTES})`,
    );
    return { bytes: text.length, minified: minified.length, gzipped, wanted: MOST_BYTES, met };
  });
}
