import type { Report, Reported } from "../../diagnostics/index.js";
import type { Expression, Identifier } from "../../syntax/tree.js";
import type { Definition, SemanticModel } from "../2-resolve/model.js";
import type { Budget } from "./budget.js";
import type { Graph } from "./graph.js";
import type { NameScope } from "./names.js";
import { Unknown, type ModelValue } from "./values.js";

/** Expands an expression into a value, and into nodes of the graph. */
export type Evaluate = (environment: Environment, expression: Expression, names: NameScope) => ModelValue;

/** What the whole expansion shares. */
export interface Expansion {
  readonly graph: Graph;
  readonly report: Report;
  readonly budget: Budget;
  readonly semantics: SemanticModel;
  /** Held here because blocks and options, which it expands, have expressions in them. */
  readonly evaluate: Evaluate;
  /** Some values of each definition: a block's names have others at every use. */
  readonly recorded: Map<Definition, ModelValue[]>;
  /** A message of an earlier phase: why something may be missing. */
  readonly reported: Reported | undefined;
}

/** The values of one place: a model, one use of a block, or one turn of a comprehension. */
export interface Environment {
  readonly expansion: Expansion;
  readonly parent: Environment | undefined;
  readonly values: Map<Definition, ModelValue>;
  /** Blocks within blocks. */
  readonly depth: number;
}

/** As many values of one definition are remembered, for those who ask what it is. */
const MOST_RECORDED = 4;

export function setValue(environment: Environment, definition: Definition, value: ModelValue): void {
  environment.values.set(definition, value);
  const { recorded } = environment.expansion;
  const known = recorded.get(definition);
  if (!known) recorded.set(definition, [value]);
  else if (known.length < MOST_RECORDED) known.push(value);
}

export function valueOf(environment: Environment, definition: Definition): ModelValue | undefined {
  for (let at: Environment | undefined = environment; at; at = at.parent) {
    const found = at.values.get(definition);
    if (found) return found;
  }
  return definition.target && valueOf(environment, definition.target);
}

/** The message that explains why something is missing. Throws where there is none: nothing may vanish without a word. */
export function proofOf({ reported, report }: Expansion): Reported {
  const proof = reported ?? report.proof;
  if (!proof) throw new Error("something is missing, and nobody was told");
  return proof;
}

/** The definition of a name that phase 2 has made visible. */
export function declaredBy({ expansion }: Environment, name: Identifier): Definition {
  const definition = expansion.semantics.definitionOf(name);
  if (!definition) throw new Error(`phase 2 has left out the declaration of ${name.name}`);
  return definition;
}

/** Stands for an expression in which a mistake was reported. Throws where none was: nothing may vanish without a word. */
export function unknownValue({ semantics, report, reported }: Expansion, expression: Expression): Unknown {
  const reason = semantics.reasonFor(expression) ?? reported ?? report.proof;
  if (!reason) throw new Error(`an expression has no value, and nobody was told: ${excerpt(expression)}`);
  return new Unknown(reason);
}

function excerpt({ span }: Expression): string {
  return span.source.text.slice(span.start, Math.min(span.end, span.start + 60));
}

export function childEnvironment(parent: Environment): Environment {
  return { expansion: parent.expansion, parent, values: new Map(), depth: parent.depth };
}
