import { splitStep } from "../../backends/wasm/split.js";
import { render } from "./layout.js";
import { dataLiteral, docComment } from "./literals.js";
import type { ModuleParts } from "./module.js";

/** How the model's step is split over threads, as a declaration that begins with `head`. */
export function printSplit({ programs }: ModuleParts, head: string): string {
  const doc = docComment(
    "How a step is split over threads: its gradients as the plan that every thread runs, which is data since workers\nare sent it, and the state that threads share, add up and move.",
  );
  return `${doc}${head} = ${render(dataLiteral(splitStep(programs)), "", head.length + 3)};\n\n`;
}

export function threadsDoc(seed: number): string {
  return `Starts the model: its weights begin as the seed says (${seed} by default). With \`threads\` (1 by default) the rows of each\nbatch are split over so many; where the host has no threads, the model's \`engine\` says why.`;
}
