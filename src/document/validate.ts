import type { ErrorObject } from "ajv";
import { didYouMean } from "../diagnostics/index.js";
import { isJsonObject, type Json } from "../library/json.js";
import { pointerKey } from "./places.js";
import { errorsOf } from "./validator.generated.js";
import { versionProblem } from "./version.js";

/** One way in which a value does not fit the schema of model documents. */
export interface SchemaProblem {
  /** The JSON pointer of the part that is to blame. */
  readonly pointer: string;
  readonly message: string;
  /** Looks for what was meant: that takes time, and not every message is shown. */
  readonly hint?: () => string | undefined;
}

/** How a value does not fit the schema of model documents; empty where it does. */
export function documentProblems(value: unknown): SchemaProblem[] {
  const version = versionProblem(value);
  if (version !== undefined) return [{ pointer: "/nnspec", message: version }];
  // Made of the schema by ajv when this package is built.
  const errors: readonly ErrorObject[] = errorsOf(value);
  const problems = new Map<string, SchemaProblem>();
  for (const error of closest(errors)) {
    const problem = readable(error);
    // Each alternative of a schema gives an error; the first one for a place is the simplest.
    if (problem && !problems.has(problem.pointer)) problems.set(problem.pointer, problem);
  }
  return [...problems.values()];
}

/** Keywords that say that a value is of another kind than an alternative is about. */
const otherKind = new Set(["type", "const", "enum"]);

/**
 * Of a value with alternatives (`null`, a word or a list, say), the complaints of the one that it was meant for: those about
 * something in it, else those that are not about its kind.
 */
function closest(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const places = new Set(errors.filter(({ keyword }) => keyword === "anyOf").map((e) => e.instancePath));
  const kinds = kindsOf(errors);
  const within = new Set<string>();
  const specific = new Set<string>();
  for (const { instancePath: path, keyword } of errors) {
    if (keyword === "anyOf") continue;
    if (places.has(path) && !otherKind.has(keyword)) specific.add(path);
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      if (places.has(path.slice(0, at))) within.add(path.slice(0, at));
  }
  return errors.flatMap((error) => {
    const { instancePath: path, keyword } = error;
    if (!places.has(path)) return [error];
    if (within.has(path)) return [];
    if (specific.has(path)) return otherKind.has(keyword) || keyword === "anyOf" ? [] : [error];
    if (keyword !== "anyOf") return [];
    const message = `must be ${[...(kinds.get(path) ?? [])].join(", or ")}`;
    return [{ ...error, message }];
  });
}

/** What the value at each place could be, where it is nothing of it. */
function kindsOf(errors: readonly ErrorObject[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { instancePath: path, keyword, params } of errors) {
    const kind =
      keyword === "type"
        ? params["type"] === "null"
          ? "left out"
          : String(params["type"])
        : keyword === "const"
          ? JSON.stringify(params["allowedValue"])
          : undefined;
    if (kind !== undefined) found.set(path, (found.get(path) ?? new Set()).add(kind));
  }
  return found;
}

/** What a tag may be, by the schema of what is told apart by it. */
function tagsOf(schema: ErrorObject["parentSchema"], tag: string): string[] {
  const alternatives: Json | undefined = schema?.["oneOf"];
  if (!Array.isArray(alternatives)) return [];
  return alternatives.flatMap((one: Json) => {
    const properties = isJsonObject(one) ? one["properties"] : undefined;
    const property = isJsonObject(properties) ? properties[tag] : undefined;
    return isJsonObject(property) && typeof property["const"] === "string" ? [property["const"]] : [];
  });
}

function readable({
  keyword,
  instancePath,
  params,
  message,
  parentSchema,
}: ErrorObject): SchemaProblem | undefined {
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const known: Json | undefined = parentSchema?.["properties"];
      const hint = () => (isJsonObject(known) ? didYouMean(key, Object.keys(known)) : undefined);
      return { pointer: `${instancePath}/${pointerKey(key)}`, message: `There is no \`${key}\` here`, hint };
    }
    case "required":
      return { pointer: instancePath, message: `\`${String(params["missingProperty"])}\` is missing` };
    case "enum": {
      const allowed: unknown = params["allowedValues"];
      const names = Array.isArray(allowed) ? allowed.map(String) : [];
      return { pointer: instancePath, message: `This must be one of ${names.join(", ")}` };
    }
    case "const":
      return { pointer: instancePath, message: `This must be ${JSON.stringify(params["allowedValue"])}` };
    case "discriminator": {
      const [tag, given] = [String(params["tag"]), String(params["tagValue"])];
      const message = `The library has no \`${given}\` for this`;
      return {
        pointer: `${instancePath}/${tag}`,
        message,
        hint: () => didYouMean(given, tagsOf(parentSchema, tag)),
      };
    }
    case "oneOf":
    case "if":
      return undefined;
    default:
      return { pointer: instancePath, message: `This ${message ?? "is not right"}` };
  }
}
