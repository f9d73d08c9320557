import type { ModelDocument } from "../document/types.js";
import { DOCUMENT_VERSION } from "../document/version.js";
import { documentValidator } from "../document/validate.js";
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

/** Validates a document on its way out; what does not fit is a defect of ours. */
export function assertValid(document: ModelDocument): ModelDocument {
  const [problem] = documentValidator()(document);
  if (problem)
    throw new Error(`the model document does not fit its schema: ${problem.message} (${problem.pointer})`);
  return document;
}
