import { models } from "../models.mjs";
import { here, measure } from "../process.mjs";
import { median } from "../timing.mjs";

/** PCGrad's step in plain ones: three backward passes through the shared layers for one come to 2.24 by their operations. */
const MOST = 2.5;

/** What a step costs under each balancer, beside the plain sum. */
export async function balancingTable({ quick }) {
  const { balancers } = await import("../../dist/src/library/balancers/index.js");
  console.log(`\nbalancing, ${models.mlp.title}; plain kernels`);
  let base;
  return balancers.map(({ name, example }) => {
    // The shared layers of this model are called h.
    const balance = example.replace("balance: ", "").replace("trunk", "h");
    const { ms, cannot } = measure(process.execPath, [
      here("step.mjs"),
      "mlp",
      "nnspec:plain",
      quick ? "3" : "9",
      balance,
    ]);
    if (cannot !== undefined) throw new Error(`${name}: ${cannot}`);
    const msPerStep = median(ms);
    base ??= msPerStep;
    const ratio = msPerStep / base;
    const wanted = name === "pcgrad" ? { met: ratio <= MOST } : {};
    const verdict = wanted.met === undefined ? "" : `  (${wanted.met ? "met" : "MISSED"}: <= x ${MOST})`;
    console.log(
      `  ${name.padEnd(14)} ${msPerStep.toFixed(2).padStart(8)} ms/step  x ${ratio.toFixed(2).padStart(6)}${verdict}`,
    );
    return { balancer: name, msPerStep, ratio, ...wanted };
  });
}
