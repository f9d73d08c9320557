import type { OptionParameter as RuntimeParameter } from "../runtime/parameter.js";
import type { OptionParameter } from "./entry.js";

/** A parameter that the runtime states, as the library states its own; one that may be left out is then null. */
export function runtimeParameter({
  name,
  doc,
  schema,
  required,
  ...rest
}: RuntimeParameter): OptionParameter {
  // The runtime reads its own options, so that any value that fits the schema will do.
  const parameter = { kind: "option", name, doc, is: () => true } as const;
  if (required) return { ...parameter, schema };
  if (rest.default !== undefined) return { ...parameter, schema, default: rest.default };
  return { ...parameter, schema: { anyOf: [{ type: "null" }, schema] }, default: null };
}
