import type {
  ComponentKind,
  ComponentParameter,
  JsonSchema,
  ObjectParameter,
  Parameter,
} from "../../library/entry.js";
import { isJsonObject } from "../../library/json.js";
import type { BlockParameter } from "../../syntax/tree.js";

/** What an expression gives, as far as it shows without shapes. */
export type ValueKind = "tensor" | "list" | "scalar" | "function" | "component" | "unknown";

/** What is wanted in the place of an expression. */
export type Wanted =
  | { readonly what: "value"; readonly numbers?: boolean }
  | { readonly what: "function" }
  | { readonly what: "constant" }
  /** A constant, a word, a list or a group of these. */
  | { readonly what: "plain"; readonly schema: JsonSchema }
  | {
      readonly what: "component";
      readonly of: ComponentKind;
      readonly list?: boolean;
      readonly plain?: boolean;
    }
  | { readonly what: "paths"; readonly doc: string }
  | { readonly what: "column" }
  | { readonly what: "object"; readonly parameter: ObjectParameter }
  /** Whatever it is: the section that it stands in looks at it. */
  | { readonly what: "anything" };

/** What a callable's parameter takes, for sorting arguments. */
export interface Slot {
  readonly name: string;
  readonly role: "tensor" | "tensors" | "function" | "component" | "option";
  readonly required: boolean;
  readonly wanted: Wanted;
  readonly parameter?: Parameter;
  readonly block?: BlockParameter;
}

/** The parameters of something callable, ready to be asked. */
export interface Signature {
  readonly slots: readonly Slot[];
  readonly byName: ReadonlyMap<string, Slot>;
  readonly tensors: readonly Slot[];
  readonly options: readonly Slot[];
  readonly requiredOptions: readonly Slot[];
  /** Tensors that have to be given; a call without them is a function that can be applied to them. */
  readonly awaited: readonly Slot[];
}

export function makeSignature(slots: readonly Slot[]): Signature {
  const tensors = slots.filter(isTensor);
  const options = slots.filter((slot) => !isTensor(slot));
  return {
    slots,
    byName: new Map(slots.map((slot) => [slot.name, slot])),
    tensors,
    options,
    requiredOptions: options.filter((slot) => slot.required),
    awaited: tensors.filter((slot) => slot.required || slot.role === "tensors"),
  };
}

export function isTensor(slot: Slot): boolean {
  return slot.role === "tensor" || slot.role === "tensors";
}

/** What a shared name, or a block's parameter of type layer, is called with. */
export const functionSignature = makeSignature([
  { name: "x", role: "tensor", required: true, wanted: { what: "value" } },
]);

export function entrySlots(parameters: readonly Parameter[]): Slot[] {
  return parameters.map((parameter) => ({
    name: parameter.name,
    role: slotRole(parameter),
    required: parameter.kind === "tensor" ? parameter.optional !== true : !("default" in parameter),
    wanted: wantedBy(parameter),
    parameter,
  }));
}

function slotRole(parameter: Parameter): Slot["role"] {
  if (parameter.kind === "tensor" || parameter.kind === "tensors") return parameter.kind;
  if (parameter.kind === "component") return parameter.of === "layer" ? "function" : "component";
  return parameter.kind === "option" || parameter.kind === "object" ? "option" : "component";
}

/** What is wanted for a parameter of a library entry or a section. */
export function wantedBy(parameter: Parameter): Wanted {
  switch (parameter.kind) {
    case "option":
      return { what: "plain", schema: parameter.schema };
    case "component":
      return wantedComponent(parameter);
    case "path":
      return { what: "paths", doc: parameter.doc };
    case "column":
      return { what: "column" };
    case "object":
      return { what: "object", parameter };
    case "tensor":
    case "tensors":
      return { what: "value" };
    default:
      return { what: "anything" };
  }
}

function wantedComponent({ of, list, plain }: ComponentParameter): Wanted {
  if (of === "layer") return { what: "function" };
  return { what: "component", of, ...(list ? { list } : {}), ...(plain ? { plain: true } : {}) };
}

/** The types of block parameters: how arguments are sorted, what is wanted, what kind of name it is in the block. */
const blockTypes: ReadonlyMap<string, { role: Slot["role"]; wanted: Wanted; kind: ValueKind }> = new Map([
  ["tensor", { role: "tensor", wanted: { what: "value" }, kind: "tensor" }],
  ["tensors", { role: "tensors", wanted: { what: "value" }, kind: "list" }],
  ["int", { role: "option", wanted: { what: "constant" }, kind: "scalar" }],
  ["float", { role: "option", wanted: { what: "constant" }, kind: "scalar" }],
  ["bool", { role: "option", wanted: { what: "constant" }, kind: "scalar" }],
  ["string", { role: "option", wanted: { what: "constant" }, kind: "scalar" }],
  ["activation", { role: "component", wanted: { what: "component", of: "activation" }, kind: "component" }],
  ["layer", { role: "function", wanted: { what: "function" }, kind: "function" }],
]);

export function blockType(name: string) {
  return blockTypes.get(name);
}

/** The slots of a block whose parameters all have a type. */
export function blockSlots(parameters: readonly BlockParameter[]): Slot[] {
  return parameters.flatMap((block) => {
    const type = blockTypes.get(block.type.base.name);
    if (!type) return [];
    return [{ ...type, name: block.name.name, required: block.defaultValue === undefined, block }];
  });
}

/** Whether a bare word can be a value of this schema, or an item of one. */
export function takesWords(schema: JsonSchema): boolean {
  if (schema["type"] === "string") return true;
  if (typeof schema["const"] === "string") return true;
  const values = schema["enum"];
  if (Array.isArray(values) && values.some((v) => typeof v === "string")) return true;
  const { items, anyOf } = schema;
  const inner = [...(Array.isArray(anyOf) ? anyOf : []), ...(items === undefined ? [] : [items])];
  return inner.some((option) => isJsonObject(option) && takesWords(option));
}
