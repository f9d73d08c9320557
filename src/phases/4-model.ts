import type { ModelDocument } from "../document/types.js";
import type { CheckedSpec } from "./3-check/checked.js";

/** Phase 4: the checked model as a plain document. Only a spec without errors has one. */
export function toDocument(spec: CheckedSpec): ModelDocument {
  const { name, doc, inputs, nodes, tasks, train, meta, data, budget } = spec;
  return {
    nnspec: 1,
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
