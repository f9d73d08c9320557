import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";
import type { Problem } from "./types.js";

export interface InitializerEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "initializer";
  /** A problem where the shape does not suit it. */
  fits?(shape: readonly number[]): Problem | undefined;
  lower(context: InitializerContext<O>): Value;
}

export interface InitializerContext<O extends Options = Options> {
  readonly b: Builder;
  readonly options: O;
  /** The shape that is drawn. */
  readonly shape: readonly number[];
  /** The weight's own shape, by which its inputs and outputs are counted. */
  readonly weight: readonly number[];
  readonly seed: Value;
  /** The weight path's own stream of random numbers. */
  readonly stream: number;
}

export function defineInitializer<const P extends Declarations>(
  definition: Definition<InitializerEntry<OptionsOf<NoInfer<P>>>, P>,
): InitializerEntry<OptionsOf<P>> {
  return { ...definition, kind: "initializer", parameters: listed(definition.parameters) };
}
