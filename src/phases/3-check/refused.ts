import type { Json, JsonSchema } from "../../library/entry.js";
import { isJsonObject } from "../../library/json.js";
import { fitsSchema } from "../../library/schema.js";

/** Why a value of an option is not allowed (`must be …, not …`), or undefined. */
export function whyRefused(schema: JsonSchema, value: Json): string | undefined {
  if (fitsSchema(schema, value)) return undefined;
  return `must be ${describeSchema(schema, value)}, not ${showJson(value)}`;
}

/** What a schema allows, in words. */
function describeSchema(schema: JsonSchema, value: Json = null): string {
  if ("const" in schema) return schema["const"] === null ? "left out" : `\`${String(schema["const"])}\``;
  const values = schema["enum"];
  if (Array.isArray(values)) return oneOf(values.filter((v) => v !== null).map((v) => `\`${String(v)}\``));
  const options = schema["anyOf"];
  if (Array.isArray(options))
    return options
      .filter(isJsonObject)
      .map((option) => describeSchema(option, value))
      .join(", or ");
  switch (schema["type"]) {
    case "integer":
      return `a whole number${range(schema, value)}`;
    case "number":
      return `a number${range(schema, value)}`;
    case "boolean":
      return "`true` or `false`";
    case "string":
      return "a string";
    case "array": {
      const { items } = schema;
      const [least, most] = [schema["minItems"], schema["maxItems"]];
      const count = least !== undefined && least === most ? `${String(least)} items` : "items";
      return `a list of ${count}${isJsonObject(items) ? `, each ${describeSchema(items)}` : ""}`;
    }
    case "object":
      return "a group in braces";
    default:
      return "something else";
  }
}

/** Bounds; a very high one is mentioned only where a value lies above it. */
function range(schema: JsonSchema, value: Json): string {
  const low = schema["minimum"] ?? schema["exclusiveMinimum"];
  const high = schema["maximum"] ?? schema["exclusiveMaximum"];
  const lowWord = schema["minimum"] === undefined ? "above" : "of at least";
  const highWord = schema["maximum"] === undefined ? "below" : "at most";
  const number = (n: Json | undefined) =>
    typeof n === "number" ? n.toLocaleString("en-US", { maximumFractionDigits: 20 }) : "";
  if (low === undefined && high === undefined) return "";
  const silent = typeof high === "number" && high >= 1e6 && !(typeof value === "number" && value >= high);
  if (high === undefined || (silent && low !== undefined)) return ` ${lowWord} ${number(low)}`;
  if (low === undefined) return ` ${highWord} ${number(high)}`;
  return ` ${lowWord} ${number(low)} and ${highWord} ${number(high)}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

function showJson(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value))
    return value.length > 8 ? `a list of ${value.length}` : `[${value.map(showJson).join(", ")}]`;
  return typeof value === "object" && value !== null ? "a group" : String(value);
}
