import { diagnostic, didYouMean } from "../../diagnostics/index.js";
import { entriesOf, findEntry } from "../../library/index.js";
import { isPlanned } from "../../library/planned.js";
import type {
  ComponentKind,
  ComponentParameter,
  JsonSchema,
  ObjectParameter,
  Parameter,
} from "../../library/entry.js";
import type { Expression, Identifier } from "../../syntax/tree.js";
import { entrySlots } from "./kinds.js";
import { sortArguments } from "./match.js";
import { lookup, reportUnknown, type Resolution, type Scope } from "./scope.js";
import { resolveScalar } from "./scalars.js";

/** Resolves what is given for a parameter of a library entry or a section. */
export function resolveOption(r: Resolution, scope: Scope, parameter: Parameter, value: Expression): void {
  switch (parameter.kind) {
    case "option":
      return resolvePlain(r, scope, parameter.schema, value);
    case "component":
      return resolveComponents(r, scope, parameter, value);
    case "path":
      return resolvePaths(r, value);
    case "column":
      return resolveColumn(r, value);
    case "object":
      return resolveObject(r, scope, parameter, value);
    default:
      return;
  }
}

/** Resolves what is given for a block's parameter of type int, float, bool, string, activation or layer. */
export function resolveBlockOption(r: Resolution, scope: Scope, type: string, value: Expression): void {
  if (type === "layer") return r.resolveFunction(scope, value);
  if (type === "activation") return resolveComponent(r, scope, "activation", value);
  return resolveScalar(r, scope, value);
}

/** Whether a bare word can be a value of this schema. */
export function takesWords(schema: JsonSchema): boolean {
  if (schema["type"] === "string") return true;
  if (typeof schema["const"] === "string") return true;
  const values = schema["enum"];
  if (Array.isArray(values) && values.some((v) => typeof v === "string")) return true;
  const options = schema["anyOf"];
  return Array.isArray(options) && options.some((o) => takesWords(o as JsonSchema));
}

function resolvePlain(r: Resolution, scope: Scope, schema: JsonSchema, value: Expression): void {
  switch (value.kind) {
    case "path": {
      if (lookup(scope, value.segments[0]!.name)) return resolveScalar(r, scope, value);
      if (value.segments.length === 1 && takesWords(schema)) return;
      return reportUnknown(r, scope, value.segments[0]!, "constant");
    }
    case "list":
      for (const item of value.items)
        if (item.kind !== "path" || lookup(scope, item.segments[0]!.name))
          resolvePlain(r, scope, schema, item);
      return;
    case "object":
      for (const { value: inner } of value.entries) resolvePlain(r, scope, schema, inner);
      return;
    default:
      return resolveScalar(r, scope, value);
  }
}

function resolveComponents(
  r: Resolution,
  scope: Scope,
  parameter: ComponentParameter,
  value: Expression,
): void {
  if (parameter.of === "layer") return r.resolveFunction(scope, value);
  if (parameter.list && value.kind === "list") {
    for (const item of value.items) resolveComponent(r, scope, parameter.of, item);
    return;
  }
  if (parameter.plain && isScalarLike(value, scope)) return resolveScalar(r, scope, value);
  resolveComponent(r, scope, parameter.of, value);
}

function isScalarLike(value: Expression, scope: Scope): boolean {
  if (value.kind === "path") return lookup(scope, value.segments[0]!.name)?.kind === "scalar";
  return ["number", "unary", "binary", "parenthesized"].includes(value.kind);
}

export function resolveComponent(r: Resolution, scope: Scope, kind: ComponentKind, value: Expression): void {
  if (value.kind === "error") return;
  const callee = value.kind === "call" ? value.callee : value.kind === "path" ? value : undefined;
  if (!callee || callee.segments.length !== 1) {
    r.diagnostics.push(
      diagnostic("NN2017", value.span, { reason: `A ${label(kind)} is wanted here, by its name` }),
    );
    return;
  }
  const name = callee.segments[0]!;
  const declared = lookup(scope, name.name);
  if (declared && (declared.kind === "component" || !findEntry(kind, name.name))) {
    if (declared.kind === "component" || declared.kind === "unknown") return;
    r.diagnostics.push(
      diagnostic("NN2017", value.span, {
        reason: `A ${label(kind)} is wanted here, and \`${name.name}\` is ${declared.role}`,
      }),
    );
    return;
  }
  const entry = findEntry(kind, name.name);
  if (!entry) return reportUnknownComponent(r, kind, name);
  const given = value.kind === "call" ? value.arguments : [];
  const sorted = sortArguments(r, scope, entry.name, entrySlots(entry.parameters), given, value.span, false);
  for (const { slot, value: option } of sorted.options.values())
    resolveOption(r, scope, slot.parameter!, option);
  r.matches.set(value, { target: { kind: "entry", entry }, tensors: [], options: sorted.options });
}

function reportUnknownComponent(r: Resolution, kind: ComponentKind, name: Identifier): void {
  if (isPlanned(kind, name.name)) {
    r.diagnostics.push(diagnostic("NN5006", name.span, { what: label(kind), name: name.name }));
    return;
  }
  const names = entriesOf(kind).map((e) => e.name);
  const hint = didYouMean(name.name, names) ?? `There is ${names.map((n) => `\`${n}\``).join(", ")}.`;
  r.diagnostics.push(diagnostic("NN2020", name.span, { kind: label(kind), name: name.name }, { hint }));
}

function label(kind: ComponentKind): string {
  return kind === "stopper" ? "stopping rule" : kind;
}

function resolvePaths(r: Resolution, value: Expression): void {
  const items = value.kind === "list" ? value.items : [value];
  for (const item of items) {
    if (item.kind === "path" || item.kind === "error") continue;
    r.diagnostics.push(
      diagnostic("NN2017", item.span, { reason: "A path is wanted here, such as `trunk.*`" }),
    );
  }
}

function resolveColumn(r: Resolution, value: Expression): void {
  if (columnName(value) !== undefined || value.kind === "error") return;
  r.diagnostics.push(diagnostic("NN2017", value.span, { reason: "The name of a column is wanted here" }));
}

/** The column that an expression names, or undefined. */
export function columnName(value: Expression): string | undefined {
  if (value.kind === "string") return value.value;
  if (value.kind === "column") return `$${value.index}`;
  return value.kind === "path" && value.segments.length === 1 ? value.segments[0]!.name : undefined;
}

function resolveObject(r: Resolution, scope: Scope, parameter: ObjectParameter, value: Expression): void {
  if (value.kind === "error") return;
  if (value.kind !== "object") {
    const keys = parameter.parameters.map((p) => p.name).join(", ");
    r.diagnostics.push(
      diagnostic(
        "NN2017",
        value.span,
        { reason: `\`${parameter.name}\` is a group in braces` },
        { hint: `\`${parameter.name}: { … }\` with ${keys}.` },
      ),
    );
    return;
  }
  const given = value.entries.map((e) => ({ ...e, kind: "argument" as const, name: e.key }));
  const sorted = sortArguments(
    r,
    scope,
    parameter.name,
    entrySlots(parameter.parameters),
    given,
    value.span,
    false,
  );
  for (const { slot, value: option } of sorted.options.values())
    resolveOption(r, scope, slot.parameter!, option);
  r.matches.set(value, {
    target: { kind: "function", name: parameter.name },
    tensors: [],
    options: sorted.options,
  });
}
