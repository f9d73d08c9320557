import { didYouMean, someOf, type Reported } from "../../diagnostics/index.js";
import type { ComponentKind } from "../../library/entry.js";
import { otherNameHint } from "../../library/elsewhere.js";
import { entriesOf, findEntry } from "../../library/index.js";
import type { Expression, Identifier, PathExpression } from "../../syntax/tree.js";
import type { Resolution } from "./scope.js";
import type { Wanted } from "./slots.js";

export const PROPERTIES_HINT = "A list has `length`, a tensor `shape`: its dimensions without the batch.";

export function pathText({ segments }: PathExpression): string {
  const [first] = segments;
  return first && segments.length === 1 ? first.name : segments.map((segment) => segment.name).join(".");
}

/** The name that an expression consists of; undefined for any other expression. */
export function bareName(expression: Expression): Identifier | undefined {
  return expression.kind === "path" && expression.segments.length === 1 ? expression.segments[0] : undefined;
}

/** Says that an expression is not of the kind that is wanted in its place. */
export function reportMisfit(r: Resolution, expression: Expression, wanted: Wanted): Reported {
  const { report } = r;
  const { span } = expression;
  const what = describe(expression);
  switch (wanted.what) {
    case "function":
      return report.give("NN2010", span, { what: capital(what) });
    case "value":
      return report.give("NN2017", span, { reason: `A tensor is wanted here, and this is ${what}` });
    case "component": {
      const reason = `${capital(article(label(wanted.of)))} is wanted here, by its name`;
      return report.give(
        "NN2017",
        span,
        { reason },
        { hint: namesOf(expression, wanted.of, wanted.plain !== undefined) },
      );
    }
    case "paths":
      return report.give("NN2017", span, { reason: "A path is wanted here" }, { hint: wanted.doc });
    case "column":
      return report.give("NN2017", span, { reason: "The name of a column is wanted here" });
    case "object": {
      const { name, parameters } = wanted.parameter;
      const keys = parameters.map((p) => p.name).join(", ");
      const hint = `\`${name}: { … }\` with ${keys}.`;
      return report.give("NN2017", span, { reason: `\`${name}\` is a group in braces` }, { hint });
    }
    default:
      return report.give("NN2017", span, { reason: `A constant is wanted here, and this is ${what}` });
  }
}

function namesOf(expression: Expression, of: ComponentKind, plain: boolean): string {
  if (plain && expression.kind === "string" && isNumeric(expression.value))
    return `Numbers stand without quotes: \`${expression.value.trim()}\`.`;
  if (expression.kind !== "string") return `There is ${someOf(entryNames(of), 12)}.`;
  return findEntry(of, expression.value)
    ? `Names of the library stand without quotes: \`${expression.value}\`.`
    : `Names of the library stand without quotes. ${componentHint(of, expression.value)}`;
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

/** The entry that a name may stand for: by what other libraries call it, else by its letters, else all that there are. */
export function componentHint(kind: ComponentKind, name: string): string {
  const names = entriesOf(kind).map((entry) => entry.name);
  return otherNameHint(kind, name) ?? didYouMean(name, names) ?? `There is ${entryNames(kind).join(", ")}.`;
}

function entryNames(kind: ComponentKind): string[] {
  return entriesOf(kind).flatMap((entry) => ("hidden" in entry ? [] : [`\`${entry.name}\``]));
}

/** How a kind of entry is called in a message. */
export function label(kind: ComponentKind): string {
  return kind === "stopper" ? "stopping rule" : kind;
}

export function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describe(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "boolean":
      return "a truth value";
    case "range":
      return "a range";
    case "object":
      return "a group of settings";
    case "column":
      return "a column";
    case "list":
    case "comprehension":
      return "a list";
    case "call":
      return "a call";
    case "pipe":
      return "a pipe";
    case "repeat":
      return "a `repeat`";
    default:
      return "an expression";
  }
}
