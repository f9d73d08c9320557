import type { Component, Entry, Json, Options, Parameter } from "./entry.js";
import { findEntry } from "./index.js";
import { sameJson } from "./json.js";

/** The default of an option, or undefined where it must be given. */
function defaultOf(parameter: Entry["parameters"][number]): Json | undefined {
  return "default" in parameter ? (parameter.default as Json) : undefined;
}

/** The options with every default filled in, also those of components within, in the entry's order. */
export function completeOptions(
  entry: Pick<Entry, "parameters">,
  given: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const complete: Record<string, Json> = {};
  for (const parameter of entry.parameters) {
    if (parameter.kind === "tensor" || parameter.kind === "tensors") continue;
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : defaultOf(parameter);
    if (value !== undefined) complete[parameter.name] = completeValue(parameter, value);
  }
  return complete;
}

/** Whether a setting means what leaving it out means. */
export function isDefault(parameters: readonly Parameter[], name: string, value: Json): boolean {
  const parameter = parameters.find((p) => p.name === name);
  const fallback = parameter && defaultOf(parameter);
  if (!parameter || fallback === undefined) return false;
  return sameJson(completeValue(parameter, value), completeValue(parameter, fallback));
}

function completeValue(parameter: Parameter, value: Json): Json {
  if (parameter.kind === "object") {
    return value === null ? null : completeOptions(parameter, value as Record<string, Json>);
  }
  if (parameter.kind !== "component") return value;
  if (Array.isArray(value)) return value.map((item) => completeValue(parameter, item));
  if (!isComponent(value)) return value;
  const entry = findEntry(parameter.of, value.name);
  return entry ? { name: value.name, options: completeOptions(entry, value.options ?? {}) } : value;
}

/** Reads options that are known to fit the entry's schema; a wrong kind is a defect of ours. */
export function readOptions(entry: Entry, given: Readonly<Record<string, Json>>): Options {
  const values = completeOptions(entry, given);
  const read = <T>(name: string, what: string, is: (v: Json) => v is Json & T): T => {
    const value = values[name];
    if (value === undefined || !is(value)) throw new Error(`${entry.name}: option ${name} is not a ${what}`);
    return value;
  };
  return {
    number: (name) => read<number>(name, "number", (v): v is number => typeof v === "number"),
    numbers: (name) =>
      read<readonly number[]>(name, "list of numbers", (v): v is readonly number[] => Array.isArray(v)),
    string: (name) => read<string>(name, "string", (v): v is string => typeof v === "string"),
    boolean: (name) => read<boolean>(name, "boolean", (v): v is boolean => typeof v === "boolean"),
    json: (name) => values[name] ?? null,
    component: (name) => {
      const value = values[name];
      return isComponent(value) ? value : null;
    },
  };
}

export function isComponent(value: Json | undefined): value is Component {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "name" in value;
}
