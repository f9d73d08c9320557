import { here, measure, relaxedFlags } from "../process.mjs";
import { median } from "../timing.mjs";

/** A meta-step is wanted to be so many times as fast as PyTorch's loop over tasks, and as its tasks side by side. */
const WANTED = { loop: 10, batched: 2.5 };

const TITLES = { loop: "PyTorch eager, loop", batched: "PyTorch eager, batched", vmap: "jax-js, vmap" };

/** Second-order MAML steps of the sinusoid net beside PyTorch and jax-js. */
export function mamlTable({ quick, pythons: { torch } }) {
  console.log("\nmaml: second order, 1-40-40-1, 25 tasks of 10 + 10 points, adam");
  const repeats = quick ? "3" : "9";
  const ours = Object.fromEntries(
    ["plain", "relaxed"].map((variant) => {
      const flags = variant === "relaxed" ? relaxedFlags : [];
      return [variant, measure(process.execPath, [...flags, here("maml.mjs"), variant, repeats])];
    }),
  );
  const theirs = Object.fromEntries(
    Object.keys(WANTED).map((way) => [
      way,
      torch.cannot ? torch : measure(torch.python, [here("maml_torch.py"), way, repeats]),
    ]),
  );
  theirs.vmap = measure(process.execPath, [here("maml_jax.mjs"), repeats]);
  const rows = [];
  const show = (title, { ms, note, cannot }, verdict = "") => {
    const text =
      cannot === undefined ? `${median(ms).toFixed(3)} ms/step (${note})${verdict}` : `cannot: ${cannot}`;
    console.log(`  ${title.padEnd(28)} ${text}`);
  };
  for (const [variant, measured] of Object.entries(ours)) show(`nnspec, ${variant}`, measured);
  for (const [way, measured] of Object.entries(theirs)) {
    const ratios = Object.entries(ours).map(([variant, { ms }]) => {
      const ratio = measured.cannot || !ms ? null : median(measured.ms) / median(ms);
      const wanted = WANTED[way] ?? null;
      const met = ratio === null || wanted === null ? null : ratio >= wanted;
      rows.push({ way, variant, ratio, wanted, met });
      const verdict = met === null ? "" : met ? " met" : " MISSED";
      return ratio === null ? "" : `${variant} x ${ratio.toFixed(2)}${verdict}`;
    });
    const bound = WANTED[way] ? `>= x ${WANTED[way]}: ` : "";
    show(TITLES[way], measured, `  (${bound}${ratios.join(", ")})`);
  }
  return { ours, theirs, rows };
}
