import type { OptionParameter as RuntimeParameter } from "../runtime/parameter.js";
import type { Json, JsonSchema, OptionParameter } from "./entry.js";

/** A parameter that the runtime states, as the library states its own. */
export function runtimeParameter({ name, doc, schema, ...rest }: RuntimeParameter): OptionParameter {
  const parameter: OptionParameter = { kind: "option", name, doc, schema: schema as JsonSchema };
  return rest.default === undefined ? parameter : { ...parameter, default: rest.default as Json };
}
