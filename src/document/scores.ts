import { entry as libraryEntry } from "../library/index.js";
import type { Link } from "../library/entry.js";
import { labelType } from "./input-type.js";
import { outputLink } from "./link.js";
import type { ModelDocument, TaskDocument } from "./types.js";

/**
 * The link that makes probabilities of a task's logits, where they can be had: the output is linear under a loss that takes it for
 * logits, or ends with the link itself. Undefined where metrics have the output alone to go by.
 */
export function scoreLink({ nodes }: Pick<ModelDocument, "nodes">, task: TaskDocument): Link | undefined {
  const links = { binary: "sigmoid", category: "softmax", float: undefined, int: undefined } as const;
  const link = links[task.label.base];
  const ends = outputLink(nodes, task.output);
  if (link === undefined || ends === link) return link;
  const taken = libraryEntry("loss", task.loss.name).link?.(labelType(task.label));
  return ends === "linear" && taken === link ? link : undefined;
}
