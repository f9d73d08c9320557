import type { OptionParameter as RuntimeParameter } from "../runtime/parameter.js";
import type { Json, JsonSchema, OptionParameter } from "./entry.js";

/** A parameter that the runtime states, as the library states its own; `null` is one that is left out. */
export function runtimeParameter({
  name,
  doc,
  schema,
  required,
  ...rest
}: RuntimeParameter): OptionParameter {
  const parameter: OptionParameter = { kind: "option", name, doc, schema: schema as JsonSchema };
  if (rest.default !== undefined) return { ...parameter, default: rest.default as Json };
  if (required) return parameter;
  return { ...parameter, schema: { anyOf: [parameter.schema, { type: "null" }] }, default: null };
}
