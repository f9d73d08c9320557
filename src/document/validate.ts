import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { modelSchema } from "./schema.js";
import { pointerKey } from "./places.js";
import { versionProblem } from "./version.js";

/** One way in which a value does not fit the schema of model documents. */
export interface SchemaProblem {
  /** The JSON pointer of the part that is to blame. */
  readonly pointer: string;
  readonly message: string;
}

/** Checks values against the schema of model documents. */
export type DocumentValidator = (value: unknown) => SchemaProblem[];

/** Compiling the schema takes longer than checking many documents: who checks several keeps the validator. */
export function documentValidator(): DocumentValidator {
  let validate: ValidateFunction | undefined;
  return (value) => {
    const version = versionProblem(value);
    if (version !== undefined) return [{ pointer: "/nnspec", message: version }];
    validate ??= compileSchema();
    return problemsOf(validate, value);
  };
}

function compileSchema(): ValidateFunction {
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    discriminator: true,
    allowUnionTypes: true,
    // The schema is our own, and its code runs once or twice: most of the time would go into making that code faster.
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  return ajv.compile(modelSchema());
}

function problemsOf(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  if (validate(value)) return [];
  const problems = new Map<string, SchemaProblem>();
  for (const error of closest(validate.errors ?? [])) {
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
    return keyword === "anyOf" ? [{ ...error, message: alternatives(errors, path) }] : [];
  });
}

/** What a value could be, where it is nothing of it. */
function alternatives(errors: readonly ErrorObject[], path: string): string {
  const kinds = errors.flatMap(({ instancePath, keyword, params }) => {
    if (instancePath !== path) return [];
    if (keyword === "type") return [params["type"] === "null" ? "left out" : String(params["type"])];
    return keyword === "const" ? [JSON.stringify(params["allowedValue"])] : [];
  });
  return `must be ${[...new Set(kinds)].join(", or ")}`;
}

function readable({ keyword, instancePath, params, message }: ErrorObject): SchemaProblem | undefined {
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      return { pointer: `${instancePath}/${pointerKey(key)}`, message: `There is no \`${key}\` here` };
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
    case "discriminator":
      return {
        pointer: `${instancePath}/${String(params["tag"])}`,
        message: `The library has no \`${String(params["tagValue"])}\` for this`,
      };
    case "oneOf":
    case "if":
      return undefined;
    default:
      return { pointer: instancePath, message: `This ${message ?? "is not right"}` };
  }
}
