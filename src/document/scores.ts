import { entry as libraryEntry } from "../library/index.js";
import type { Link } from "../library/entry.js";
import { labelType } from "./input-type.js";
import type { OutputLink } from "./link.js";
import type { TaskDocument } from "./types.js";

/**
 * The link that makes probabilities of a task's logits, where they can be had: the output is linear under a loss that takes it for
 * logits, or ends with the link itself. Undefined where metrics have the output alone to go by. `ends` is what the output ends with.
 */
export function scoreLink(task: TaskDocument, ends: OutputLink): Link | undefined {
  const links = { binary: "sigmoid", category: "softmax", float: undefined, int: undefined } as const;
  const link = links[task.label.base];
  if (link === undefined || ends === link) return link;
  const taken = libraryEntry("loss", task.loss.name).link?.(labelType(task.label));
  return ends === "linear" && taken === link ? link : undefined;
}
