import { didYouMean } from "../../diagnostics/index.js";
import type { Component, Json, Options, Parameter } from "../../library/entry.js";
import { completeDefault } from "../../library/options.js";
import { recordOf } from "../../library/record.js";
import type { Span } from "../../source/index.js";
import type { Expression } from "../../syntax/tree.js";
import { pathText } from "../2-resolve/misfits.js";
import type { GivenOption } from "../2-resolve/model.js";
import type { ResolvedSettings } from "../2-resolve/settings.js";
import { proofOf, unknownValue, valueOf, type Environment } from "./environment.js";
import { topScope } from "./names.js";
import { whyRefused } from "./refused.js";
import { asJson, sizeOf, Unknown } from "./values.js";

type ParameterOf<K extends Parameter["kind"]> = Extract<Parameter, { readonly kind: K }>;

/** What was given for options. */
export interface EvaluatedOptions {
  readonly values: Options;
  /** Options without a usable value, each with the message that says why. */
  readonly broken: ReadonlyMap<string, Unknown>;
}

/** What was given for the parameters of an entry or a section. */
export interface GivenOptions {
  /** How a message calls it. */
  readonly owner: string;
  readonly parameters: readonly Parameter[];
  readonly given: ReadonlyMap<string, GivenOption>;
  /** Whether defaults stand in for what was not given. */
  readonly filled?: boolean;
}

/** Evaluates what was given. */
export function evaluateOptions(
  environment: Environment,
  { owner, parameters, given, filled = false }: GivenOptions,
): EvaluatedOptions {
  if (parameters.length === 0) return noOptions;
  const values: [string, Json][] = [];
  let broken: Map<string, Unknown> | undefined;
  for (const parameter of parameters) {
    const { name } = parameter;
    const option = given.get(name);
    const value = option
      ? evaluateOption(environment, owner, parameter, option.value)
      : valueWithout(environment, parameter, filled);
    if (value instanceof Unknown) (broken ??= new Map<string, Unknown>()).set(name, value);
    else if (value !== undefined) values.push([name, value]);
  }
  return { values: recordOf(values), broken: broken ?? noneBroken };
}

const noneBroken: ReadonlyMap<string, Unknown> = new Map();
const noOptions: EvaluatedOptions = { values: {}, broken: noneBroken };

/** What an option is that was not given: its default, or unknown where it has none. */
function valueWithout(
  { expansion }: Environment,
  parameter: Parameter,
  filled: boolean,
): Json | Unknown | undefined {
  if (parameter.kind === "tensor" || parameter.kind === "tensors") return undefined;
  const value = completeDefault(parameter);
  if (value !== undefined) return filled ? value : undefined;
  return parameter.patterned === undefined ? new Unknown(proofOf(expansion)) : undefined;
}

/** Where the options of a section were given, in the order of its parameters. */
export function givenPlaces({ parameters, options }: ResolvedSettings): [string, Span][] {
  return parameters.flatMap(({ name }): [string, Span][] => {
    const option = options.get(name);
    return option ? [[name, option.value.span]] : [];
  });
}

/** Evaluates what was given for one parameter. */
export function evaluateOption(
  environment: Environment,
  owner: string,
  parameter: Parameter,
  value: Expression,
): Json | Unknown {
  switch (parameter.kind) {
    case "option":
      return evaluatePlain(environment, owner, parameter, value);
    case "component":
      return evaluateComponents(environment, owner, parameter, value);
    case "path":
      return evaluatePaths(environment, parameter, value);
    case "value":
      return evaluateReference(environment, value);
    case "column":
      return columnName(value) ?? unknownValue(environment.expansion, value);
    case "object": {
      const call = environment.expansion.semantics.callOf(value);
      if (!call) return unknownValue(environment.expansion, value);
      const { parameters, name } = parameter;
      const given = { owner: name, parameters, given: call.options, filled: true };
      const { values, broken } = evaluateOptions(environment, given);
      const [unknown] = broken.values();
      return unknown ?? values;
    }
    default:
      // A section reads its columns by itself, and tensors are no options.
      return null;
  }
}

function evaluatePlain(
  environment: Environment,
  owner: string,
  { name, schema, doc }: ParameterOf<"option">,
  value: Expression,
): Json | Unknown {
  const { expansion } = environment;
  const json = jsonOf(environment, value);
  if (json instanceof Unknown) return json;
  const reason = whyRefused(schema, json);
  if (reason === undefined) return json;
  const parameters = { option: name, owner, reason };
  return new Unknown(expansion.report.give("NN2006", value.span, parameters, { hint: doc }));
}

function jsonOf(environment: Environment, value: Expression): Json | Unknown {
  const { expansion } = environment;
  const given = expansion.evaluate(environment, value, topScope());
  // A wrong one is looked at whole.
  if (given.kind !== "scalar" || Array.isArray(given.value))
    expansion.budget.spend(sizeOf([given]), value.span);
  return asJson(given) ?? unknownValue(expansion, value);
}

function evaluateComponents(
  environment: Environment,
  owner: string,
  parameter: ParameterOf<"component">,
  value: Expression,
): Json | Unknown {
  const { expansion } = environment;
  if (parameter.list) {
    const components: Component[] = [];
    for (const item of value.kind === "list" ? value.items : [value]) {
      const component = evaluateComponent(environment, item);
      if (component instanceof Unknown) return component;
      components.push(component);
    }
    return components;
  }
  if (!parameter.plain || expansion.semantics.callOf(value)) return evaluateComponent(environment, value);
  const json = jsonOf(environment, value);
  if (json instanceof Unknown) return json;
  const reason = whyRefused(parameter.plain, json);
  if (reason === undefined) return json;
  return new Unknown(expansion.report.give("NN2006", value.span, { option: parameter.name, owner, reason }));
}

function evaluatePaths(
  { expansion }: Environment,
  { list }: ParameterOf<"path">,
  value: Expression,
): Json | Unknown {
  const items = value.kind === "list" ? value.items : [value];
  const paths = items.flatMap((item) => (item.kind === "path" ? [pathText(item)] : []));
  const [path] = paths;
  if (value.kind !== "list" && path === undefined) return unknownValue(expansion, value);
  return list || value.kind === "list" || path === undefined ? paths : path;
}

/** The column that an expression names, or undefined. */
export function columnName(value: Expression): string | undefined {
  if (value.kind === "string") return value.value;
  if (value.kind === "column") return `$${value.index}`;
  const [name, ...rest] = value.kind === "path" ? value.segments : [];
  return rest.length === 0 ? name?.name : undefined;
}

/** The reference of a value of the model. */
function evaluateReference(environment: Environment, value: Expression): string | Unknown {
  const { expansion } = environment;
  const { semantics, report } = expansion;
  if (value.kind === "error") return unknownValue(expansion, value);
  const last = value.kind === "path" ? value.segments.at(-1) : undefined;
  const definition = last && semantics.definitionOf(last);
  const known = definition?.declaration !== undefined;
  const found = known ? valueOf(environment, definition) : undefined;
  if (found?.kind === "tensor") return found.tainted ?? found.ref;
  if (found?.kind === "unknown") return found;
  if (definition?.reported) return new Unknown(definition.reported);
  if (value.kind !== "path" || known) {
    const reason = "The name of a value of the model is wanted here";
    return new Unknown(report.give("NN2017", value.span, { reason }));
  }
  const tensors = [...environment.values].flatMap(([{ name }, { kind }]) =>
    kind === "tensor" ? [name] : [],
  );
  const name = pathText(value);
  const hint = () => didYouMean(name, tensors);
  return new Unknown(report.give("NN2001", value.span, { name, what: "value" }, { hint }));
}

/** The component that an expression names, with its options. */
export function evaluateComponent(environment: Environment, value: Expression): Component | Unknown {
  const { expansion } = environment;
  const call = expansion.semantics.callOf(value);
  if (call?.target.kind === "entry") {
    const { entry } = call.target;
    const { name: owner, parameters } = entry;
    const given = { owner, parameters, given: call.options, filled: true };
    const { values, broken } = evaluateOptions(environment, given);
    const [unknown] = broken.values();
    return unknown ?? { name: owner, options: values };
  }
  const [name, ...rest] = value.kind === "path" ? value.segments : [];
  const definition = rest.length === 0 && name ? expansion.semantics.definitionOf(name) : undefined;
  const found = definition && valueOf(environment, definition);
  if (found?.kind === "component") return found.component;
  return found?.kind === "unknown" ? found : unknownValue(expansion, value);
}
