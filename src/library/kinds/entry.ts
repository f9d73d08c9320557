import type { ComponentKind, Options } from "./component.js";
import type { Declarations, ParameterList } from "./parameters.js";

/** What every entry of the library says of itself. */
export interface Entry<O extends Options = Options> {
  readonly kind: ComponentKind;
  readonly name: string;
  /** What other libraries call it, for hints. */
  readonly elsewhere?: readonly string[];
  /** Markdown: what it does, shapes, units; the source (paper and equation) where there is one. */
  readonly doc: string;
  readonly parameters: ParameterList<O>;
  /** A line or more of .nnspec that uses it. */
  readonly example: string;
}

/** An entry as its file writes it: its parameters are declared by name. */
export type Definition<E extends Entry, P extends Declarations> = Omit<E, "kind" | "parameters"> & {
  readonly parameters: P;
};
