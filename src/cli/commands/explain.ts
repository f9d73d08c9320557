import { catalogue, didYouMean, type Code } from "../../diagnostics/index.js";
import { print, refuseUse } from "../output.js";
import type { FlowOptions } from "./flow.js";

/** What a code means and what to do; or the flow of gradients in a spec. */
export async function explain(what: string, spec: string | undefined, options: FlowOptions): Promise<void> {
  if (what === "flow") {
    if (spec === undefined) refuseUse("`nnc explain flow` needs a spec: `nnc explain flow model.nnspec`.");
    const { flow } = await import("./flow.js");
    flow(spec, options);
    return;
  }
  if (spec !== undefined) refuseUse(`Of a spec nnc explains \`flow\`, not \`${what}\`.`);
  explainCode(what);
}

function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text);
}

function explainCode(given: string): void {
  const code = given.toUpperCase();
  if (!isCode(code)) {
    const hint = didYouMean(code, Object.keys(catalogue)) ?? "Codes look like NN3004.";
    refuseUse(`There is no code ${given}. ${hint}`);
  }
  const { severity, title, explanation, hint } = catalogue[code];
  print(`${code}: ${title} (${severity})\n\n${explanation}${hint === undefined ? "" : `\n\nhint: ${hint}`}`);
}
