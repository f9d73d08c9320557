import type { Component, Entry, Json, LayerEntry, Options, Parameter, ParameterList } from "./entry.js";
import { componentKinds, entriesOf, findEntry } from "./index.js";
import { isJsonObject, sameJson } from "./json.js";
import { isComponent } from "./kinds/component.js";
import { recordOf } from "./record.js";
import { areOptions, wrongOption } from "./kinds/parameters.js";

/** The default of an option, or undefined where it must be given. */
function defaultOf(parameter: Parameter): Json | undefined {
  return "default" in parameter ? parameter.default : undefined;
}

/**
 * The options with every default filled in, also those of components within, in the entry's order. Options that are complete are
 * returned as they are: those of a model are asked for many times.
 */
export function completeOptions(
  { parameters }: { readonly parameters: readonly Parameter[] },
  given: Options,
): Options {
  if (areComplete(parameters, given)) return given;
  const complete: [string, Json][] = [];
  for (const parameter of parameters) {
    const { name } = parameter;
    const own = Object.hasOwn(given, name) ? given[name] : defaultOf(parameter);
    if (own !== undefined) complete.push([name, completeValue(parameter, own)]);
  }
  return recordOf(complete);
}

/** Complete defaults of the library's entries, since every layer of a model asks for its own. */
const completeDefaults = new Map<Parameter, Json>();

for (const kind of componentKinds())
  for (const { parameters } of entriesOf(kind))
    for (const parameter of parameters) {
      const value = defaultOf(parameter);
      if (value !== undefined) completeDefaults.set(parameter, completeValue(parameter, value));
    }

/** The default of an option with all that is within it; undefined where the option must be given. */
export function completeDefault(parameter: Parameter): Json | undefined {
  const known = completeDefaults.get(parameter);
  if (known !== undefined) return known;
  const value = defaultOf(parameter);
  return value === undefined ? undefined : completeValue(parameter, value);
}

/** Whether nothing is left to fill in, to reorder or to leave out. */
function areComplete(parameters: readonly Parameter[], given: Options): boolean {
  let at = 0;
  for (const name of Object.keys(given)) {
    while (parameters[at] && parameters[at]!.name !== name)
      if (defaultOf(parameters[at++]!) !== undefined) return false;
    const parameter = parameters[at++];
    const value = given[name];
    if (!parameter || value === undefined || !isCompleteValue(parameter, value)) return false;
  }
  for (; at < parameters.length; at++) if (defaultOf(parameters[at]!) !== undefined) return false;
  return true;
}

function isCompleteValue(parameter: Parameter, value: Json): boolean {
  if (parameter.kind === "object") return !isJsonObject(value) || areComplete(parameter.parameters, value);
  if (parameter.kind !== "component" || value === completeDefaults.get(parameter)) return true;
  if (Array.isArray(value)) return areCompleteValues(parameter, value);
  const entry = isComponent(value) ? findEntry(parameter.of, value.name) : undefined;
  return !isComponent(value) || !entry || isCompleteComponent(entry, value);
}

function areCompleteValues(parameter: Parameter, values: readonly Json[]): boolean {
  return values.every((value) => isCompleteValue(parameter, value));
}

/** A component has its name, its complete options, and nothing else. */
function isCompleteComponent({ parameters }: Pick<Entry, "parameters">, component: Component): boolean {
  const names = Object.keys(component);
  return names.length === 2 && names[0] === "name" && areComplete(parameters, component.options);
}

/** Whether a value is the default of its option. */
export function isDefault(parameters: readonly Parameter[], name: string, value: Json): boolean {
  const parameter = parameters.find((p) => p.name === name);
  const fallback = parameter && defaultOf(parameter);
  if (!parameter || fallback === undefined) return false;
  return sameJson(completeValue(parameter, value), completeValue(parameter, fallback));
}

/** The options without those that have their default value, also in nested components. */
export function givenOptions(
  { parameters }: { readonly parameters: readonly Parameter[] },
  given: Options,
): Record<string, Json> {
  const kept = parameters.flatMap((parameter): [string, Json][] => {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
    if (value === undefined || isDefault([parameter], parameter.name, value)) return [];
    return [[parameter.name, givenValue(parameter, value)]];
  });
  return recordOf(kept);
}

function givenValue(parameter: Parameter, value: Json): Json {
  if (parameter.kind === "object") return isJsonObject(value) ? givenOptions(parameter, value) : value;
  if (parameter.kind !== "component") return value;
  if (Array.isArray(value)) return value.map((item: Json) => givenValue(parameter, item));
  const entry = isComponent(value) ? findEntry(parameter.of, value.name) : undefined;
  return isComponent(value) && entry
    ? { name: value.name, options: givenOptions(entry, value.options) }
    : value;
}

function completeValue(parameter: Parameter, value: Json): Json {
  if (isCompleteValue(parameter, value)) return value;
  if (parameter.kind === "object") return isJsonObject(value) ? completeOptions(parameter, value) : value;
  if (parameter.kind !== "component") return value;
  if (Array.isArray(value)) return value.map((item: Json) => completeValue(parameter, item));
  if (!isComponent(value)) return value;
  const entry = findEntry(parameter.of, value.name);
  return entry ? { name: value.name, options: completeOptions(entry, value.options) } : value;
}

/** Something that has parameters: an entry, or a section's settings. */
interface Owner<O extends Options> {
  readonly name: string;
  readonly parameters: ParameterList<O>;
}

/** Reads options that are known to fit the schema; one of a wrong type is a defect of ours. */
export function readOptions<O extends Options>(owner: Owner<O>, given: Options): O {
  const values = completeOptions(owner, given);
  if (areOptions(owner.parameters, values)) return values;
  throw new Error(`${owner.name}: option ${wrongOption(owner.parameters, values)} is not of its type`);
}

/** The activation of a layer's `activation` option, where it has one. */
export function foldedActivation(
  { activated }: Pick<LayerEntry, "activated">,
  options: Options,
): Component | null {
  const activation = options["activation"];
  return activated && isComponent(activation) ? activation : null;
}

export { isComponent } from "./kinds/component.js";
