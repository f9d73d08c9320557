import type { Report } from "../runtime/index.js";
import { printJson } from "./output.js";

/** The version of what `--json` prints of runs; docs/versions.md says what may change without raising it. */
const VERSION = 1;

/** What happened, in a line of its own: an epoch, a meta-step, the end of a training, an evaluation, a profile. */
export type EventName = "epoch" | "step" | "end" | "evaluation" | "profile";

/** Prints an event of a model's run; `train`, `evaluate` and `profile` share its shape and the names of its fields. */
export function printEvent(
  event: EventName,
  { document }: { readonly document: { readonly name: string } },
  fields: object,
): void {
  printJson({ version: VERSION, event, model: document.name, ...fields });
}

/** How well a model does on a part of the data, or on a file: the same fields in every event. */
export function measuresOf(part: string, { loss, losses, metrics, warnings }: Report) {
  return { part, loss, losses, metrics, warnings };
}
