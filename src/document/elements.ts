import { entry as libraryEntry } from "../library/index.js";
import { labelType } from "./input-type.js";
import type { TaskDocument } from "./types.js";
import { elementCount } from "../runtime/tensor.js";

/**
 * What a task's label has in a row, each with a loss of its own that may be there or be missing: its numbers or classes, or, under a
 * loss over the last axis, what is left of its dimensions.
 */
export function labelElements(task: Pick<TaskDocument, "label" | "loss">): readonly number[] {
  const type = labelType(task.label);
  return libraryEntry("loss", task.loss.name).elements?.(type) ?? type.dims;
}

/** How many there are in a row. */
export function elementsOfRow(task: Pick<TaskDocument, "label" | "loss">): number {
  return elementCount(labelElements(task));
}
