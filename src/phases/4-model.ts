import type { ModelDocument } from "../document/types.js";
import { DOCUMENT_VERSION } from "../document/version.js";
import type { CheckedSpec } from "./3-check/checked.js";

/** Phase 4: the checked model as a plain document. Only a spec without errors has one. */
export function toDocument(spec: CheckedSpec): ModelDocument {
  const { name, doc, inputs, nodes, tasks, train, meta, data, budget, declared } = spec;
  if (tasks.length < declared.tasks.length) throw new Error("a task was lost, and nobody was told");
  return {
    nnspec: DOCUMENT_VERSION,
    name,
    ...(doc === undefined ? {} : { doc }),
    inputs,
    nodes,
    tasks,
    train,
    ...(meta === undefined ? {} : { meta }),
    ...(data === undefined ? {} : { data }),
    budget,
  };
}
