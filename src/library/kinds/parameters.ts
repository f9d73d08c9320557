import { isJsonObject, type Json, type JsonSchema } from "../json.js";
import { isComponent, type Component, type ComponentKind, type Options } from "./component.js";
import type { ValueKind } from "./values.js";

interface BaseParameter {
  readonly name: string;
  readonly doc: string;
  /** Names that other libraries use for it: where one is written, the message gives the name here. */
  readonly elsewhere?: readonly string[];
  /** Of a section's setting: what it takes where it is given for a name or a pattern, `optimizer trunk.*: …`. */
  readonly patterned?: Parameter;
}

/** A tensor that the layer is applied to; these come first, and a pipe fills the first. */
export interface TensorParameter extends BaseParameter {
  readonly kind: "tensor";
  /** May be left out (then the layer decides what stands in for it). */
  readonly optional?: boolean;
}

/** A list of tensors, or several tensors one after the other. */
export interface TensorsParameter extends BaseParameter {
  readonly kind: "tensors";
}

interface BaseOption extends BaseParameter {
  /** Whether a complete value is of the type that the entry's code expects. */
  is(value: Json): boolean;
}

/** A plain value, checked by a JSON schema. Without a default it must be given. */
export interface OptionParameter extends BaseOption {
  readonly kind: "option";
  readonly schema: JsonSchema;
  readonly default?: Json;
}

/** A named thing with options of its own: an activation, an initializer, a schedule. */
export interface ComponentParameter extends BaseOption {
  readonly kind: "component";
  readonly of: ComponentKind;
  /** A plain value of this schema may stand for a component (a number for a constant schedule). */
  readonly plain?: JsonSchema;
  readonly list?: boolean;
  /** `null` where none is the default; left out where it must be given. */
  readonly default?: Component | readonly Component[] | number | null;
}

/** Weight-path patterns (`trunk.*`), or dotted names (`validation.loss`). */
export interface PathParameter extends BaseOption {
  readonly kind: "path";
  readonly list?: boolean;
  readonly default?: string | readonly string[] | null;
}

/** A value of the model by its name: an input, a binding, `TASK.BINDING`. In the document it is a reference. */
export interface ValueParameter extends BaseOption {
  readonly kind: "value";
  readonly default?: null;
}

/** Names of columns of the data file. */
export interface ColumnParameter extends BaseOption {
  readonly kind: "column";
  readonly default?: string | null;
}

/** Columns as a mapping takes them, `a`, `[a, b]`, `films.a`; a section reads them itself. */
export interface ColumnsParameter extends BaseOption {
  readonly kind: "columns";
  readonly default?: null;
}

/** A nested `{ key: value }` with parameters of its own. */
export interface ObjectParameter extends BaseOption {
  readonly kind: "object";
  readonly parameters: readonly Parameter[];
  readonly default?: { readonly [key: string]: Json } | null;
}

export type Parameter =
  | ColumnParameter
  | ColumnsParameter
  | ObjectParameter
  | TensorParameter
  | TensorsParameter
  | OptionParameter
  | ComponentParameter
  | PathParameter
  | ValueParameter;

type Unnamed<T> = T extends BaseParameter ? Omit<T, "name" | "patterned"> : never;

/** A parameter as it is declared; its name is the key that it stands under. */
export type Declaration = Unnamed<Parameter> & {
  readonly patterned?: Declaration;
};

/** Parameters by name, in the order of positional arguments. */
export type Declarations = { readonly [name: string]: Declaration };

declare const optionsOf: unique symbol;

/** Parameters in their order; `O` is the type of their options. */
export interface ParameterList<O extends Options = Options> extends ReadonlyArray<Parameter> {
  readonly [optionsOf]?: O;
}

/** The options of these parameters, defaults filled in. */
export type OptionsOf<P extends Declarations> = {
  readonly [K in keyof P as P[K] extends { is: unknown } ? K : never]: P[K] extends {
    is(value: Json): value is infer T extends Json;
  }
    ? T
    : Json;
};

/** The options of a list of parameters. */
export type OptionsIn<L> = L extends ParameterList<infer O> ? O : never;

/** How many tensors a parameter stands for. */
type Arity<D> = D extends { kind: "tensors" }
  ? "many"
  : D extends { kind: "tensor"; optional: true }
    ? "maybe"
    : "one";

/** The tensors of these parameters. */
export type TensorsOf<P extends Declarations> = {
  readonly [K in keyof P as P[K] extends { kind: "tensor" | "tensors" } ? K : never]: Arity<P[K]>;
};

/** Tensors by the names of their parameters. */
export type Tensors = { readonly [name: string]: "one" | "maybe" | "many" };

/** A `V` for each tensor, by the names of their parameters. */
export type ByTensor<T extends Tensors, V> = {
  readonly [K in keyof T]: OfArity<T[K], V>;
};

type OfArity<A, V> = A extends "many" ? readonly [V, ...V[]] : A extends "maybe" ? V | undefined : V;

/** The declared parameters as a list. */
export function listed<P extends Declarations>(declarations: P): ParameterList<OptionsOf<P>> {
  return Object.entries(declarations).map(([name, declaration]) => named(name, declaration));
}

function named(name: string, { patterned, ...rest }: Declaration): Parameter {
  return { ...rest, name, ...(patterned ? { patterned: named(name, patterned) } : {}) };
}

export function tensor(doc: string): { readonly kind: "tensor"; readonly doc: string } {
  return { kind: "tensor", doc };
}

export function optionalTensor(doc: string) {
  return { kind: "tensor", doc, optional: true } as const;
}

export function tensors(doc: string): { readonly kind: "tensors"; readonly doc: string } {
  return { kind: "tensors", doc };
}

/** The one input tensor that most layers have. */
export const x = tensor("What it is applied to.");

type Fallback<T> = readonly [] | readonly [T];

function fallbackOf<T>(fallback: Fallback<T>): { readonly default?: T } {
  return fallback.length === 0 ? {} : { default: fallback[0] };
}

export function option<T extends Json>(kind: ValueKind<T>, doc: string, ...fallback: Fallback<NoInfer<T>>) {
  const { schema, is } = kind;
  return { kind: "option" as const, schema, doc, is, ...fallbackOf<Json>(fallback) };
}

/** An option that holds a component, never null. */
export function componentOption(of: ComponentKind, doc: string, ...fallback: Fallback<Component>) {
  return { kind: "component" as const, of, doc, is: isComponent, ...fallbackOf(fallback) };
}

/** A component that may be left out. */
export function optionalComponent(of: ComponentKind, doc: string) {
  const is = (value: Json): value is Component | null => value === null || isComponent(value);
  return { kind: "component" as const, of, doc, is, default: null };
}

/** Several components; none by default. */
export function components(of: ComponentKind, doc: string) {
  const is = (value: Json): value is readonly Component[] => Array.isArray(value) && value.every(isComponent);
  return { kind: "component" as const, of, doc, is, list: true, default: [] };
}

/** A component, or a number that stands for one. */
export function numberOrComponent(
  of: ComponentKind,
  kind: ValueKind<number>,
  doc: string,
  ...fallback: Fallback<number>
) {
  const is = (value: Json): value is number | Component => kind.is(value) || isComponent(value);
  return { kind: "component" as const, of, plain: kind.schema, doc, is, ...fallbackOf(fallback) };
}

export const isTexts = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((item: Json) => typeof item === "string");

const isText = (value: Json): value is string => typeof value === "string";

const isTextOrNull = (value: Json): value is string | null => value === null || isText(value);

export function path(doc: string) {
  return { kind: "path" as const, doc, is: isText };
}

export function paths(doc: string, ...fallback: Fallback<readonly string[]>) {
  return { kind: "path" as const, list: true, doc, is: isTexts, ...fallbackOf(fallback) };
}

export function optionalPaths(doc: string) {
  const is = (value: Json): value is readonly string[] | null => value === null || isTexts(value);
  return { kind: "path" as const, list: true, doc, is, default: null };
}

export function valueName(doc: string) {
  return { kind: "value" as const, doc, is: isText };
}

export function optionalValueName(doc: string) {
  return { kind: "value" as const, doc, is: isTextOrNull, default: null };
}

export function column(doc: string) {
  return { kind: "column" as const, doc, is: isText };
}

export function optionalColumn(doc: string) {
  return { kind: "column" as const, doc, is: isTextOrNull, default: null };
}

/** Columns that the section interprets, so that any JSON passes here. */
export function columns(doc: string) {
  const is = (_value: Json): _value is Json => true;
  return { kind: "columns" as const, doc, is };
}

export function optionalColumns(doc: string) {
  return { ...columns(doc), default: null };
}

/** An option that is a group of options. */
export function group<P extends Declarations>(
  doc: string,
  declarations: P,
  ...fallback: Fallback<OptionsOf<P>>
) {
  const parameters = listed(declarations);
  const is = (value: Json): value is OptionsOf<P> => isComplete(parameters, value);
  return { kind: "object" as const, doc, parameters, is, ...fallbackOf<Options>(fallback) };
}

/** A group that may be left out. */
export function optionalGroup<P extends Declarations>(doc: string, declarations: P) {
  const parameters = listed(declarations);
  const is = (value: Json): value is OptionsOf<P> | null => value === null || isComplete(parameters, value);
  return { kind: "object" as const, doc, parameters, is, default: null };
}

/** Whether a value has every option of these parameters, each of its type. */
export function isComplete(parameters: readonly Parameter[], value: Json): value is Options {
  return isJsonObject(value) && wrongOption(parameters, value) === undefined;
}

/** Whether every option has passed the check of its own declaration, which is where the type comes from. */
export function areOptions<O extends Options>(parameters: ParameterList<O>, values: Options): values is O {
  return wrongOption(parameters, values) === undefined;
}

/** The name of the first option that is missing or not of its type. */
export function wrongOption(parameters: readonly Parameter[], values: Options): string | undefined {
  for (const parameter of parameters) {
    if (parameter.kind === "tensor" || parameter.kind === "tensors") continue;
    const value = values[parameter.name];
    if (value === undefined || !parameter.is(value)) return parameter.name;
  }
  return undefined;
}
