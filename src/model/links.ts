import type { NodeDocument, TaskDocument } from "../document/types.js";
import type { Link, Range } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { linkOf } from "../library/links.js";
import { activationOf } from "./ranges.js";
import { labelType } from "./value-types.js";

/** What a task's output ends with, as a cross-entropy sees it. */
export type OutputLink = Link | "linear" | "other";

/** `node` makes the output, unless that is an input; a value that is not linear and ends with no link counts as probabilities. */
export function outputLink(node: NodeDocument | undefined, range: Range | undefined): OutputLink {
  if (!node) return "linear";
  const name = activationOf(node);
  const link = name === undefined ? undefined : libraryEntry("activation", name).link;
  return link ?? (range?.linear ? "linear" : "other");
}

/** The link that turns a loss's logits into probabilities; undefined for losses that take no logits. */
export function lossLink({ loss, label }: Pick<TaskDocument, "loss" | "label">): Link | undefined {
  return libraryEntry("loss", loss.name).link?.(labelType(label));
}

/**
 * The link that turns a task's logits into probabilities, where logits are available: the output is linear under a loss that
 * takes it for logits, or ends with the link itself. Undefined where metrics get the output as it is.
 */
export function scoreLink(task: TaskDocument, ends: OutputLink): Link | undefined {
  const link = linkOf(task.label.base);
  if (link === undefined || ends === link) return link;
  return ends === "linear" && lossLink(task) === link ? link : undefined;
}
