import type { ModelDocument } from "../document/types.js";

/** What analysis looks at; a spec with mistakes may lack some of it. */
export type ModelParts = Pick<ModelDocument, "inputs" | "nodes" | "tasks"> & {
  readonly data?: ModelDocument["data"] | undefined;
};
