import { here, measure } from "../process.mjs";

/**
 * An analysis of 1,000 lines makes 13 MB that all live until it ends, which Node's default young generation holds but once: a server
 * that checks at every key is to be started with more.
 */
const serverFlags = ["--max-semi-space-size=32"];

/** Milliseconds within which 95 of 100 edits of 1,000 lines are checked; ten times the lines take 12 times as long. */
const wanted = [
  { lines: 1000, edits: 300, most: 50 },
  { lines: 10_000, edits: 30, most: 600 },
];

/** Checking a spec again after an edit, as a language server does. */
export function recheckTable() {
  console.log(`\ncheck again after an edit, ms by the clock (node ${serverFlags.join(" ")})`);
  return wanted.map(({ lines, edits, most }) => {
    const { median, p95, cannot } = measure(process.execPath, [
      ...serverFlags,
      here("recheck.mjs"),
      String(lines),
      String(edits),
    ]);
    if (cannot !== undefined) throw new Error(`${lines} lines: ${cannot}`);
    const met = p95 < most;
    console.log(
      `  ${lines.toLocaleString("en").padStart(6)} lines: median ${median.toFixed(1)}, p95 ${p95.toFixed(1)}  (${met ? "met" : "MISSED"}: < ${most})`,
    );
    return { lines, median, p95, wanted: most, met };
  });
}
