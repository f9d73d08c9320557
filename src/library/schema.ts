import { isJsonObject, type Json, type JsonSchema } from "./json.js";

/** Whether a value is as a keyword asks; a value of a kind that the keyword does not speak of is. */
type Keyword = (asked: Json | undefined, value: Json) => boolean;

/**
 * Whether a value fits a JSON schema of the library. These use few keywords, and a value is checked in less time than it takes to
 * compile its schema. A keyword that is not among them is a defect of ours.
 */
export function fitsSchema(schema: JsonSchema, value: Json): boolean {
  for (const name of Object.keys(schema)) {
    const keyword = keywords.get(name);
    if (!keyword) throw new Error(`a schema of the library has ${name}, which nothing checks`);
    if (!keyword(schema[name], value)) return false;
  }
  return true;
}

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ["type", isOfType],
  ["const", (asked, value) => value === asked],
  ["enum", (asked, value) => Array.isArray(asked) && asked.includes(value)],
  ["minimum", ofNumber((value, bound) => value >= bound)],
  ["maximum", ofNumber((value, bound) => value <= bound)],
  ["exclusiveMinimum", ofNumber((value, bound) => value > bound)],
  ["exclusiveMaximum", ofNumber((value, bound) => value < bound)],
  ["minLength", ofText((length, bound) => length >= bound)],
  ["maxLength", ofText((length, bound) => length <= bound)],
  ["minItems", ofList((length, bound) => length >= bound)],
  ["maxItems", ofList((length, bound) => length <= bound)],
  ["items", (asked, value) => !Array.isArray(value) || allFit(asked, value)],
  ["additionalProperties", (asked, value) => !isJsonObject(value) || allFit(asked, Object.values(value))],
  ["anyOf", (asked, value) => schemasIn(asked).some((schema) => fitsSchema(schema, value))],
  ["not", (asked, value) => !allFit(asked, [value])],
]);

function isOfType(type: Json | undefined, value: Json): boolean {
  switch (type) {
    case "number":
      return Number.isFinite(value);
    case "integer":
      return Number.isInteger(value);
    case "boolean":
    case "string":
      return typeof value === type;
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    default:
      throw new Error(`a schema of the library has the type ${String(type)}, which nothing checks`);
  }
}

type Bound = (measure: number, bound: number) => boolean;

function ofNumber(holds: Bound): Keyword {
  return (asked, value) => typeof value !== "number" || holds(value, Number(asked));
}

/** The length of a text is that in characters, of which some take two units. */
function ofText(holds: Bound): Keyword {
  return (asked, value) => typeof value !== "string" || holds([...value].length, Number(asked));
}

function ofList(holds: Bound): Keyword {
  return (asked, value) => !Array.isArray(value) || holds(value.length, Number(asked));
}

function allFit(asked: Json | undefined, values: readonly Json[]): boolean {
  return isJsonObject(asked) && values.every((value) => fitsSchema(asked, value));
}

function schemasIn(asked: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(asked) ? asked.filter(isJsonObject) : [];
}
