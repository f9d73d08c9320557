import { here, measure, relaxedFlags } from "../process.mjs";

const WANTED = 0.9;
const judged = ["128×256×256", "512×512×512"];

/** Products and convolutions as shares of the best loop that stays in registers. */
export function matmulTable() {
  console.log("\nkernels: share of the best loop that stays in registers");
  const measured = measure(process.execPath, [...relaxedFlags, here("matmul.mjs"), "--json"]);
  if (measured.cannot) {
    console.log(`  cannot: ${measured.cannot}`);
    return measured;
  }
  for (const [variant, rows] of Object.entries(measured)) {
    console.log(`  ${variant}: peak ${rows[0].peak.toFixed(1)} GFLOPS`);
    for (const row of rows) {
      const { shape, form, gflops, share, ns } = row;
      if (judged.includes(shape)) row.met = share >= WANTED;
      const verdict = row.met === undefined ? "" : `  (${row.met ? "met" : "MISSED"}: ${WANTED * 100} %)`;
      console.log(
        `    ${shape.padEnd(20)} ${form.padEnd(16)} ${gflops.toFixed(1).padStart(6)} GFLOPS ${(share * 100).toFixed(0).padStart(4)} % ${Math.round(ns).toString().padStart(9)} ns${verdict}`,
      );
    }
  }
  return measured;
}
