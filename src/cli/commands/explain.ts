import { catalogue, didYouMean, type Code } from "../../diagnostics/index.js";
import { exitCodes, Exit } from "../exit.js";
import { print, printError } from "../output.js";

/** What a code means and what to do. */
export function explain(given: string): void {
  const code = given.toUpperCase();
  if (!Object.hasOwn(catalogue, code)) {
    printError(
      `There is no code ${given}. ${didYouMean(code, Object.keys(catalogue)) ?? "Codes look like NN3004."}`,
    );
    throw new Exit(exitCodes.usage);
  }
  const { severity, title, explanation, hint } = catalogue[code as Code];
  print(`${code}: ${title} (${severity})\n\n${explanation}${hint === undefined ? "" : `\n\nhint: ${hint}`}`);
}
