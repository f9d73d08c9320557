import { isJsonObject, type Json } from "../json.js";

/** A use of a library entry, as the model document holds it: `{ "name": "adam", "options": { "lr": 0.001 } }`. */
export type Component = {
  readonly name: string;
  readonly options: { readonly [key: string]: Json };
};

/** The kinds of named things that an option can hold. */
export const COMPONENT_KINDS = [
  "layer",
  "activation",
  "initializer",
  "regularizer",
  "schedule",
  "optimizer",
  "loss",
  "metric",
  "balancer",
  "clip",
  "stopper",
  "algorithm",
  "transform",
  "split",
  "sampler",
  "family",
] as const;

export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** The options of one use of an entry, defaults filled in. An entry's own declaration says what they are. */
export type Options = { readonly [name: string]: Json };

export function isComponent(value: Json | undefined): value is Component {
  return isJsonObject(value) && "name" in value;
}
