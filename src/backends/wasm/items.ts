import type { Operation } from "../../tensor/program.js";
import type { Epilogue } from "./epilogue.js";
import type { Group } from "./group.js";

/** What a body does, one after another. */
export type Item =
  | { readonly kind: "chain"; readonly group: Group }
  | {
      readonly kind: "kernel";
      readonly op: Operation;
      readonly epilogue: Epilogue | undefined;
      /** Another operation whose result the same call gives. */
      readonly twin: Operation | undefined;
    }
  | { readonly kind: "loop"; readonly op: Operation };
