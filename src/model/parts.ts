import type { ModelDocument } from "../document/types.js";

/** The parts of a document that analysis looks at; those of a spec with mistakes may be incomplete. */
export type ModelParts = Pick<ModelDocument, "inputs" | "nodes" | "tasks"> & {
  readonly data?: ModelDocument["data"] | undefined;
};
