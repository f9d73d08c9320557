import type { Reported } from "../../diagnostics/index.js";
import type { Entry, Parameter } from "../../library/entry.js";
import type { Span } from "../../source/index.js";
import { pathTo, walk } from "../../syntax/children.js";
import type { BlockSection, Expression, Identifier, Node, Tree } from "../../syntax/tree.js";
import type { Signature, ValueKind } from "./slots.js";

/** What an identifier can refer to, in the words of a message. */
export type Role =
  | "an input"
  | "a binding"
  | "a shared name"
  | "a weight"
  | "a constant"
  | "a dimension"
  | "a block"
  | "a parameter"
  | "a variable"
  | "a task"
  | "a model"
  | "a train section"
  | "a data source"
  | "a column"
  | "a class"
  | "a layer's name"
  | "an entry of the library"
  | "an option"
  | "a property"
  | "a type"
  | "a word"
  | "part of a path"
  | "unknown";

/** What an identifier refers to. */
export interface Definition {
  readonly role: Role;
  readonly name: string;
  readonly kind: ValueKind;
  /** Where it is declared; what the library, the language or a data file brings has no place in a spec. */
  readonly declaration?: Identifier | undefined;
  /** Set where nothing more is known of it: a message says why. */
  readonly reported?: Reported | undefined;
  readonly block?: BlockTemplate;
  readonly entry?: Entry;
  readonly parameter?: Parameter | undefined;
  /** What a constant or dimension is given. */
  readonly value?: Expression;
  /** The names that `as` gives within its value, which stand behind its own in paths of weights. */
  readonly parts?: ReadonlyMap<string, Definition> | undefined;
  /** A word of the language that a spec gives a meaning, such as a task's `output`: it cannot be renamed. */
  readonly fixed?: true | undefined;
  /** A task's own declarations. */
  readonly members?: ReadonlyMap<string, Definition>;
  /** What an import with another name stands for. */
  readonly target?: Definition;
}

/** A block with what its calls need to know of it. */
export interface BlockTemplate {
  readonly declaration: BlockSection;
  readonly parameters: ReadonlyMap<string, Definition>;
  readonly signature: Signature;
  /** What its `return` gives. */
  readonly returns: ValueKind;
}

/** An option as it was given. */
export interface GivenOption {
  readonly value: Expression;
  /** The whole argument or setting, its name included. */
  readonly span: Span;
}

/** What a call (or a bare name of something callable) stands for, its arguments sorted. */
export interface Call {
  readonly target:
    | { readonly kind: "entry"; readonly entry: Entry }
    | { readonly kind: "block"; readonly block: BlockTemplate }
    /** A shared name, or a block's parameter of type layer. */
    | { readonly kind: "function"; readonly definition: Definition }
    /** A `{ key: value }` whose keys are parameters. */
    | { readonly kind: "object" };
  readonly tensors: readonly Expression[];
  readonly options: ReadonlyMap<string, GivenOption>;
  /** In a function's place: it waits for what the pipe brings. */
  readonly awaiting: boolean;
}

/** Names that are visible at one place. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Definition>;
  /** Names that this scope declares further down. */
  readonly later: ReadonlySet<string>;
  /** Of a model: its tasks so far, and those still to come. Tasks hide nothing. */
  readonly tasks: Map<string, Definition>;
  readonly laterTasks: ReadonlySet<string>;
}

/**
 * What phase 2 knows of a spec and the files that it imports. Phase 3 and editors ask it; nobody looks a name up again.
 */
export class SemanticModel {
  readonly #kinds = new Map<Expression, ValueKind>();
  readonly #calls = new Map<Expression, Call>();
  readonly #definitions = new Map<Identifier, Definition>();
  /** What names each definition: made when it is asked for, which only editors do. */
  #references: ReadonlyMap<Definition, readonly Identifier[]> | undefined;
  readonly #refused = new Set<Definition>();
  readonly #imports = new Map<Definition, Definition[]>();
  readonly #scopes = new Map<Node, Scope>();
  readonly #reported = new Map<Node, Reported>();

  kindOf(expression: Expression): ValueKind {
    return isLiteral(expression) ? "scalar" : (this.#kinds.get(expression) ?? "unknown");
  }

  /** A literal's is known without being kept: there are many of them. */
  setKind(expression: Expression, kind: ValueKind): ValueKind {
    if (!isLiteral(expression)) this.#kinds.set(expression, kind);
    return kind;
  }

  callOf(expression: Expression): Call | undefined {
    return this.#calls.get(expression);
  }

  setCall(expression: Expression, call: Call): void {
    this.#calls.set(expression, call);
  }

  calls(): Iterable<readonly [Expression, Call]> {
    return this.#calls;
  }

  /** Remembers that a name was taken already when this declaration came. */
  refuse(definition: Definition): void {
    this.#refused.add(definition);
  }

  isRefused(definition: Definition): boolean {
    return this.#refused.has(definition);
  }

  /** What an identifier refers to; undefined only where the text around it could not be understood. */
  definitionOf(identifier: Identifier): Definition | undefined {
    return this.#definitions.get(identifier);
  }

  bind(identifier: Identifier, definition: Definition): void {
    if (this.#definitions.has(identifier)) return;
    this.#definitions.set(identifier, definition);
    this.#references = undefined;
  }

  /** Every place that names it, its declaration among them, in the order in which files and lines were read. */
  referencesOf(definition: Definition): readonly Identifier[] {
    this.#references ??= referencesIn(this.#definitions);
    return this.#references.get(definition) ?? [];
  }

  /** Every place that would have to change with its name, also in files that import it. */
  occurrencesOf(definition: Definition): readonly Identifier[] {
    let root = definition;
    while (root.target?.name === root.name) root = root.target;
    const found: Identifier[] = [];
    const waiting = [root];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      for (const each of this.referencesOf(next)) found.push(each);
      for (const each of (this.#imports.get(next) ?? []).filter(({ name }) => name === root.name))
        waiting.push(each);
    }
    return found;
  }

  /** Remembers that a definition is another one, imported. */
  import(definition: Definition & { readonly target: Definition }): void {
    const { target } = definition;
    const known = this.#imports.get(target);
    if (known) known.push(definition);
    else this.#imports.set(target, [definition]);
  }

  openScope(node: Node, scope: Scope): Scope {
    this.#scopes.set(node, scope);
    return scope;
  }

  scopeOf(node: Node): Scope | undefined {
    return this.#scopes.get(node);
  }

  /** The innermost scope around an offset. */
  scopeAt(tree: Tree, offset: number): Scope | undefined {
    return pathTo(tree, offset)
      .toReversed()
      .map((node) => this.#scopes.get(node))
      .find((scope) => scope !== undefined);
  }

  /** Remembers that a message was given about an expression, which is why it has no value. */
  explain(expression: Expression, reported: Reported): void {
    this.#reported.set(expression, reported);
  }

  /** The message about an expression itself. */
  toldOf(expression: Expression): Reported | undefined {
    return this.#reported.size === 0 ? undefined : this.#reported.get(expression);
  }

  /** The message about an expression, or about something in it. */
  reasonFor(expression: Expression): Reported | undefined {
    let found: Reported | undefined;
    walk(expression, (node) => {
      found ??= this.#reported.get(node);
      return found === undefined;
    });
    return found;
  }
}

function isLiteral({ kind }: Expression): boolean {
  return kind === "number" || kind === "string" || kind === "boolean";
}

function referencesIn(
  definitions: ReadonlyMap<Identifier, Definition>,
): ReadonlyMap<Definition, readonly Identifier[]> {
  const references = new Map<Definition, Identifier[]>();
  for (const [identifier, definition] of definitions) {
    const known = references.get(definition);
    if (known) known.push(identifier);
    else references.set(definition, [identifier]);
  }
  return references;
}
