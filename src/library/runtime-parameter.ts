import type { OptionParameter as RuntimeParameter } from "../runtime/parameter.js";
import type { OptionParameter } from "./entry.js";

/** Makes a library parameter of one of the runtime's; null is the default of an optional one that has no other. */
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
