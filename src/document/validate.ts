import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { modelSchema } from "./schema.js";
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
    validate ??= new Ajv({
      strict: true,
      allErrors: true,
      discriminator: true,
      allowUnionTypes: true,
    }).compile(modelSchema());
    return problemsOf(validate, value);
  };
}

function problemsOf(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  if (validate(value)) return [];
  const problems = new Map<string, SchemaProblem>();
  for (const error of validate.errors ?? []) {
    const problem = readable(error);
    // Each alternative of a schema gives an error; the first one for a place is the simplest.
    if (problem && !problems.has(problem.pointer)) problems.set(problem.pointer, problem);
  }
  return [...problems.values()];
}

function readable({ keyword, instancePath, params, message }: ErrorObject): SchemaProblem | undefined {
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      return { pointer: `${instancePath}/${escape(key)}`, message: `There is no \`${key}\` here` };
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

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
