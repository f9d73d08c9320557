import { diagnostic, didYouMean } from "../../diagnostics/index.js";
import type { Component, Json, JsonSchema, Parameter } from "../../library/entry.js";
import { completeOptions } from "../../library/options.js";
import type { Span } from "../../source/index.js";
import type { Expression, PathExpression } from "../../syntax/tree.js";
import { evaluateConstant } from "../2-resolve/constants.js";
import { columnName, takesWords } from "../2-resolve/options.js";
import { PROPERTIES_HINT } from "../2-resolve/scalars.js";
import type { Constant, GivenOption } from "../2-resolve/resolved.js";
import { findValue, type Environment } from "./environment.js";

/** Evaluated options, and where each was given. */
export interface EvaluatedOptions {
  readonly values: Record<string, Json>;
  readonly spans: ReadonlyMap<string, Span>;
  /** Whether every given option is as its schema wants it. */
  readonly good: boolean;
}

/** Evaluates what was given for the parameters of an entry or a section; defaults are filled in by the entry. */
export function evaluateOptions(
  environment: Environment,
  owner: string,
  parameters: readonly Parameter[],
  given: ReadonlyMap<string, GivenOption>,
): EvaluatedOptions {
  const values: Record<string, Json> = {};
  const spans = new Map<string, Span>();
  let good = true;
  for (const parameter of parameters) {
    const option = given.get(parameter.name);
    if (!option) {
      if (!("default" in parameter) && parameter.kind !== "tensor" && parameter.kind !== "tensors")
        good = false;
      continue;
    }
    spans.set(parameter.name, option.value.span);
    const value = evaluateOption(environment, owner, parameter, option.value);
    if (value === undefined) good = false;
    else values[parameter.name] = value;
  }
  return { values, spans, good };
}

/** Evaluates what was given for one parameter; undefined where it is not as its schema wants it. */
export function evaluateOption(
  environment: Environment,
  owner: string,
  parameter: Parameter,
  value: Expression,
): Json | undefined {
  switch (parameter.kind) {
    case "option": {
      if (isUnknownWord(environment, value, parameter.schema)) return undefined;
      const json = evaluateJson(environment, value);
      if (json === undefined) return undefined;
      const reason = environment.expansion.validator.reject(parameter.schema, json);
      if (reason === undefined) return json;
      environment.expansion.diagnostics.push(
        diagnostic("NN2006", value.span, { option: parameter.name, owner, reason }, { hint: parameter.doc }),
      );
      return undefined;
    }
    case "component": {
      if (parameter.list) {
        const items = value.kind === "list" ? value.items : [value];
        const components = items.map((item) => evaluateComponent(environment, item));
        return components.includes(undefined) ? undefined : (components as Component[]);
      }
      const component = evaluateComponent(environment, value);
      if (component !== undefined || !parameter.plain || environment.expansion.matches.has(value))
        return component;
      const json = evaluateJson(environment, value);
      const reason =
        json === undefined ? undefined : environment.expansion.validator.reject(parameter.plain, json);
      if (reason === undefined) return json;
      environment.expansion.diagnostics.push(
        diagnostic("NN2006", value.span, { option: parameter.name, owner, reason }),
      );
      return undefined;
    }
    case "path": {
      if (value.kind === "list")
        return value.items.flatMap((item) => (item.kind === "path" ? [pathText(item)] : []));
      if (value.kind !== "path") return undefined;
      return parameter.list ? [pathText(value)] : pathText(value);
    }
    case "value":
      return evaluateReference(environment, value);
    case "column":
      return columnName(value);
    case "object": {
      const match = environment.expansion.matches.get(value);
      if (!match) return undefined;
      const inner = evaluateOptions(environment, parameter.name, parameter.parameters, match.options);
      if (!inner.good) return undefined;
      return completeOptions(parameter, inner.values);
    }
    default:
      return undefined;
  }
}

/** An unknown name where no word can stand has been reported as that. */
function isUnknownWord(environment: Environment, value: Expression, schema: JsonSchema): boolean {
  return value.kind === "path" && !takesWords(schema) && !findValue(environment, value.segments[0]!.name);
}

/** The reference of a value of the model; undefined where there is none, or where mistakes have hidden it. */
function evaluateReference(environment: Environment, value: Expression): string | undefined {
  if (value.kind === "error") return undefined;
  const name = value.kind === "path" ? pathText(value) : undefined;
  const found = name === undefined ? undefined : findValue(environment, name);
  if (found?.kind === "tensor") return found.ref;
  if (found?.kind === "unknown") return undefined;
  const tensors = [...environment.values].flatMap(([key, { kind }]) => (kind === "tensor" ? [key] : []));
  environment.expansion.diagnostics.push(
    name === undefined || found
      ? diagnostic("NN2017", value.span, { reason: "The name of a value of the model is wanted here" })
      : diagnostic("NN2001", value.span, { name, what: "value" }, didYouMeanHint(name, tensors)),
  );
  return undefined;
}

function didYouMeanHint(name: string, known: readonly string[]): { hint?: string } {
  const hint = didYouMean(name, known);
  return hint === undefined ? {} : { hint };
}

function pathText(path: PathExpression): string {
  return path.segments.map((s) => s.name).join(".");
}

/** The component that an expression names, with its options; undefined where it names none or was reported. */
export function evaluateComponent(environment: Environment, value: Expression): Component | undefined {
  const match = environment.expansion.matches.get(value);
  if (match?.target.kind === "entry") {
    const entry = match.target.entry;
    const options = evaluateOptions(environment, entry.name, entry.parameters, match.options);
    return options.good ? { name: entry.name, options: completeOptions(entry, options.values) } : undefined;
  }
  if (value.kind !== "path" || value.segments.length !== 1) return undefined;
  const found = findValue(environment, value.segments[0]!.name);
  return found?.kind === "component" ? found.component : undefined;
}

/** A constant, a word, a list or a group of these, as JSON. */
export function evaluateJson(environment: Environment, value: Expression): Json | undefined {
  if (value.kind === "object") {
    const entries: [string, Json][] = [];
    for (const { key, value: inner } of value.entries) {
      const json = evaluateJson(environment, inner);
      if (json === undefined) return undefined;
      entries.push([key.name, json]);
    }
    return Object.fromEntries(entries);
  }
  if (value.kind === "list") {
    const items = value.items.map((item) => evaluateJson(environment, item));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (
    value.kind === "path" &&
    value.segments.length === 1 &&
    !findValue(environment, value.segments[0]!.name)
  ) {
    return value.segments[0]!.name;
  }
  return evaluateScalar(environment, value);
}

/** The constant that an expression gives, or undefined after a diagnostic. */
export function evaluateScalar(environment: Environment, value: Expression): Constant | undefined {
  const names = (name: string) => {
    const found = findValue(environment, name);
    if (!found) reportProperty(environment, name, value.span);
    return found?.kind === "scalar" ? found.value : undefined;
  };
  return evaluateConstant(value, names, environment.expansion.diagnostics);
}

function reportProperty(environment: Environment, name: string, at: Span): void {
  const [owner, property] = name.split(".");
  const kind = property === undefined ? undefined : findValue(environment, owner!)?.kind;
  if (kind === undefined || !["length", "shape"].includes(property!)) return;
  const what = kind === "tensor" ? "a tensor" : kind === "list" ? "a list" : "neither list nor tensor";
  environment.expansion.diagnostics.push(
    diagnostic(
      "NN2017",
      at,
      { reason: `\`${owner}\` is ${what}, which has no \`${property}\`` },
      { hint: PROPERTIES_HINT },
    ),
  );
}
