import { walk } from "../../syntax/children.js";
import type {
  Binding,
  Expression,
  SharedDeclaration,
  TypeExpression,
  WeightDeclaration,
} from "../../syntax/tree.js";
import type { Span } from "../../source/index.js";
import { bindAs, bindQuietly } from "./bind.js";
import { expect } from "./expect.js";
import { infer } from "./infer.js";
import { bareName } from "./misfits.js";
import type { Definition, Scope } from "./model.js";
import { CONSTANT, FUNCTION, VALUE } from "./parts.js";
import { declare, isBrokenWord, lookup, type Resolution } from "./scope.js";
import type { ValueKind } from "./slots.js";

type Item = Binding | SharedDeclaration | WeightDeclaration;

/** Resolves a binding, a shared name or a weight of a block, model or task, and makes it visible. */
export function resolveItem(r: Resolution, scope: Scope, item: Item, fixed = false): void {
  const { role, kind, reported } = resolved({ ...r, declaring: item.name.name }, scope, item);
  declare(r, scope, item.name, {
    role,
    name: item.name.name,
    kind,
    declaration: item.name,
    reported,
    parts: namedParts(r, item),
    fixed: fixed || undefined,
  });
}

/** The layers and blocks in an item's value that have a name of their own, where there are any. */
function namedParts(r: Resolution, item: Item): ReadonlyMap<string, Definition> | undefined {
  // Most values have none: to see that, the text is looked through faster than the tree.
  if (item.kind === "weight" || !hasWord(item.value.span, /\bas\b/)) return undefined;
  const parts = new Map<string, Definition>();
  walk(item.value, (node) => {
    const definition = node.kind === "as" ? r.model.definitionOf(node.name) : undefined;
    if (definition && !parts.has(definition.name)) parts.set(definition.name, definition);
  });
  return parts.size > 0 ? parts : undefined;
}

function hasWord({ source, start, end }: Span, word: RegExp): boolean {
  return word.test(source.text.slice(start, end));
}

type Resolved = Pick<Definition, "role" | "kind" | "reported">;

function resolved(r: Resolution, scope: Scope, item: Item): Resolved {
  if (item.kind === "shared") return resolveShared(r, scope, item);
  if (item.kind === "binding") return resolveBinding(r, scope, item);
  resolveType(r, scope, item.type);
  if (item.initializer) {
    infer(r, scope, item.initializer);
    expect(r, scope, item.initializer, { what: "component", of: "initializer" });
  }
  return { role: "a weight", kind: "tensor" };
}

function resolveShared(r: Resolution, scope: Scope, { name, value }: SharedDeclaration): Resolved {
  const role = "a shared name";
  if (infer(r, scope, value) !== "tensor") {
    expect(r, scope, value, FUNCTION);
    return { role, kind: "function" };
  }
  const hint = "A shared name is a function: leave the tensor out here, and apply the name where it is used.";
  const reported = r.report.give("NN2010", value.span, { what: `What \`${name.name}\` would be` }, { hint });
  r.model.explain(value, reported);
  expect(r, scope, value, VALUE);
  return { role, kind: "unknown", reported };
}

function resolveBinding(r: Resolution, scope: Scope, { name, value }: Binding): Resolved {
  const role = "a binding";
  const kind = infer(r, scope, value);
  if (r.unread !== undefined && r.cutShort.has(value.span.end)) {
    r.model.explain(value, r.unread);
    bindQuietly(r, scope, value);
    return { role, kind: "unknown", reported: r.unread };
  }
  if (kind === "function") {
    expect(r, scope, value, FUNCTION);
    const hint =
      name.name === "output"
        ? "Apply it to something: `output = x |> dense(1)`."
        : `Write \`shared ${name.name} = …\` for one set of weights, or a \`block\` for fresh ones at every use.`;
    const reported = r.report.give("NN2011", value.span, { name: name.name }, { hint });
    r.model.explain(value, reported);
    return { role, kind: "unknown", reported };
  }
  if (kind === "scalar" && value.kind !== "list") {
    expect(r, scope, value, CONSTANT);
    const reason = `A binding holds a tensor, and \`${name.name}\` would be a constant`;
    const hint = propertyOf(value)
      ? "A tensor's shape and a list's length are known in the model alone: write them where they are wanted, as in `dense(x.shape[-1])`."
      : `Write \`const ${name.name} = …\` above the model.`;
    r.report.give("NN2017", value.span, { reason }, { hint });
    // Its value is known all the same, and so is what is made with it.
    return { role, kind: "scalar" };
  }
  expect(r, scope, value, VALUE);
  return { role, kind: bindingKind(kind) };
}

/** Whether an expression asks a value of the model for its shape or length. */
function propertyOf(value: Expression): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === "path") found ||= node.segments.length > 1;
    return true;
  });
  return found;
}

/** A binding of numbers alone has been reported above; what it holds instead of a tensor is not known. */
function bindingKind(kind: ValueKind): ValueKind {
  return kind === "scalar" ? "unknown" : kind;
}

const types: readonly string[] = ["float", "int", "binary", "category"];

/** Resolves the names in a type of an input, a label or a weight, and says where the base is no type. */
export function resolveType(r: Resolution, scope: Scope, type: TypeExpression): void {
  bindAs(r, type.base, "a type");
  if (!types.includes(type.base.name)) {
    const hint = "There is `float`, `int`, `binary` and `category(…)`.";
    r.report.give("NN2025", type.base.span, { name: type.base.name }, { hint });
  }
  for (const part of type.arguments) resolvePart(r, scope, part, CLASSES_HINT);
  for (const part of type.dimensions) resolvePart(r, scope, part, LENGTHS_HINT);
}

const CLASSES_HINT = 'Names of classes are strings: `category("small", "large")`.';
const LENGTHS_HINT = "The batch is never written, and every length is fixed: `float[20, 2]`, or a `dim`.";

/** A constant of a type; one bare word that nothing declares is answered with how such a thing is written. */
function resolvePart(r: Resolution, scope: Scope, part: Expression, hint: string): void {
  infer(r, scope, part);
  const name = bareName(part);
  if (!name || lookup(scope, name.name) || isBrokenWord(r, name.name))
    return expect(r, scope, part, CONSTANT);
  const reported = r.report.give("NN2001", name.span, { name: name.name, what: "constant" }, { hint });
  r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
  r.model.explain(part, reported);
}
