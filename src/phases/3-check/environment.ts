import type { Diagnostic } from "../../diagnostics/index.js";
import type { Span } from "../../source/index.js";
import type { Expression } from "../../syntax/tree.js";
import type { BlockTemplate, Constants, Match } from "../2-resolve/resolved.js";
import type { Graph } from "./graph.js";
import type { NameScope } from "./names.js";
import type { OptionValidator } from "./validator.js";
import type { ModelValue } from "./values.js";

/** What the whole expansion shares. */
export interface Expansion {
  readonly graph: Graph;
  readonly diagnostics: Diagnostic[];
  readonly matches: ReadonlyMap<Expression, Match>;
  readonly validator: OptionValidator;
  /** Held here because blocks and expressions expand each other. */
  readonly applyBlock: (
    caller: Environment,
    block: BlockTemplate,
    match: Match,
    inputs: readonly ModelValue[],
    names: NameScope,
    at: Span,
  ) => ModelValue;
}

/** The names of one place: a model, a task, or one use of a block. */
export interface Environment {
  readonly expansion: Expansion;
  readonly parent: Environment | undefined;
  readonly values: Map<string, ModelValue>;
  readonly constants: Constants;
  /** Blocks within blocks. */
  readonly depth: number;
}

/** The value of a name, of `TASK.output`, or of a property: `features.length`, `x.shape`. */
export function findValue(environment: Environment, name: string): ModelValue | undefined {
  for (let at: Environment | undefined = environment; at; at = at.parent) {
    const found = at.values.get(name);
    if (found) return found;
  }
  const dot = name.lastIndexOf(".");
  if (dot >= 0) return propertyOf(findValue(environment, name.slice(0, dot)), name.slice(dot + 1));
  if (!environment.constants.has(name)) return undefined;
  const constant = environment.constants.get(name);
  return constant === undefined ? { kind: "unknown" } : { kind: "scalar", value: constant };
}

function propertyOf(value: ModelValue | undefined, property: string): ModelValue | undefined {
  if (value?.kind === "unknown") return value;
  if (value?.kind === "list" && property === "length") return { kind: "scalar", value: value.items.length };
  if (value?.kind === "scalar" && property === "length" && Array.isArray(value.value))
    return { kind: "scalar", value: value.value.length };
  if (value?.kind === "tensor" && property === "shape") return { kind: "scalar", value: value.type.dims };
  return undefined;
}

export function childEnvironment(parent: Environment): Environment {
  return { ...parent, parent, values: new Map() };
}
