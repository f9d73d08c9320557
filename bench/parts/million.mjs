import { spawnSync } from "node:child_process";
import { here } from "../process.mjs";

/** Resident bytes that may come from 10 % to 100 %. */
const FLAT = 1 << 20;

/** Of a line of --trace-gc: when the collection ended, by V8's clock. */
const at = (line) => Number(/^\[\d+:\w+\]\s+(\d+) ms: /.exec(line)?.[1] ?? Number.NaN);

function steps(kind, count) {
  const args = ["--trace-gc", "--expose-gc", here("million.mjs"), kind, String(count)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const result = stdout
    ?.split("\n")
    .reverse()
    .find((line) => line.startsWith('{"resident"'));
  if (status !== 0 || result === undefined) return { cannot: stderr.trim().split("\n").at(-1) };
  const { resident, collected, from, to } = JSON.parse(result);
  // V8's clock begins a little after the process's; the collection that was asked for is in both.
  const traced = stdout.split("\n").filter((line) => !Number.isNaN(at(line)));
  const behind = collected - at(traced.findLast((line) => line.includes("testing")));
  const lines = traced.filter((line) => at(line) + behind > from && at(line) + behind < to);
  return {
    count,
    seconds: (to - from) / 1000,
    resident,
    collections: lines.length,
    lines: lines.slice(0, 20),
  };
}

/** Memory over very many steps of the seed. */
export function millionTable({ quick }) {
  const count = quick ? 100_000 : 1_000_000;
  console.log(`\n${count.toLocaleString("en")} steps of the seed: resident memory and garbage collections`);
  return ["bare", "fit"].map((kind) => {
    const row = { kind, ...steps(kind, count) };
    const name = kind === "bare" ? "bare steps, fresh data" : "model.fit";
    if (row.cannot !== undefined) {
      console.log(`  ${name.padEnd(28)} cannot: ${row.cannot}`);
      return row;
    }
    const { resident, collections, seconds } = row;
    const growth = resident[100] - resident[10];
    const met = collections === 0 && growth < FLAT;
    const megabytes = Object.entries(resident).map(
      ([percent, bytes]) => `${percent} % ${(bytes / 2 ** 20).toFixed(2)} MB`,
    );
    const verdict = kind === "bare" ? `  (${met ? "met" : "MISSED"}: flat, 0)` : "";
    console.log(
      `  ${name.padEnd(28)} ${megabytes.join(", ")}; ${collections} collections in ${seconds.toFixed(1)} s${verdict}`,
    );
    return { ...row, growth, ...(kind === "bare" ? { met } : {}) };
  });
}
