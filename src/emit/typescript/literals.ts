import { list, object, type Doc } from "./layout.js";

/** A string as a literal of TypeScript; nothing in it can end the literal or the line. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A property name as it stands in an object literal; `__proto__` would otherwise set the prototype. */
export function propertyName(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

export function numberLiteral(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Plain data as an expression. */
export function dataLiteral(value: unknown): Doc {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return numberLiteral(value);
  if (Array.isArray(value)) return list(value.map(dataLiteral));
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return object(entries.map(([key, inner]) => [propertyName(key), dataLiteral(inner)]));
}

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;

/** A doc comment of these lines; nothing in it can end the comment. */
export function docComment(text: string, indent = ""): string {
  const lines = text.replaceAll("*/", "*\u200b/").split(LINE_ENDS);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

const LONGEST_COMMENT = 96;

/** A comment to the end of the line; nothing in it can end the line, and it is cut where it is long. */
export function lineComment(text: string): string {
  const line = text.split(LINE_ENDS).join(" ");
  return `// ${line.length > LONGEST_COMMENT ? `${line.slice(0, LONGEST_COMMENT - 1)}…` : line}`;
}
