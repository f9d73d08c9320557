import { entry as libraryEntry } from "../library/index.js";
import { elementCount } from "../runtime/elements.js";
import { labelType } from "./value-types.js";
import type { TaskDocument } from "../document/types.js";

/**
 * The dimensions of a label's elements: each element has a loss of its own and may be missing by itself. They are the label's
 * numbers or classes, or, under a loss over the last axis, the label's dimensions without that axis.
 */
export function labelElements(task: Pick<TaskDocument, "label" | "loss">): readonly number[] {
  const type = labelType(task.label);
  return libraryEntry("loss", task.loss.name).elements?.(type) ?? type.dims;
}

/** How many elements a row's label has. */
export function elementsOfRow(task: Pick<TaskDocument, "label" | "loss">): number {
  return elementCount(labelElements(task));
}
