/** Names and count of the classes that an integer value stands for. */
export interface Classes {
  readonly count: number;
  readonly names?: readonly string[];
}

/** The type of a value of the model: the batch dimension is left out, and `batched` says whether there is one. */
export interface ValueType {
  readonly dtype: "float" | "int";
  readonly dims: readonly number[];
  readonly batched: boolean;
  readonly classes?: Classes;
}

export type ShapeCode = "NN3001" | "NN3002" | "NN3003" | "NN3004" | "NN3006" | "NN3007";

/** Why a layer cannot be applied; the checker adds the places. */
export interface Problem {
  readonly problem: ShapeCode;
  readonly message: string;
  readonly hint?: string;
  /** The option that is to blame, so that the message stands there. */
  readonly option?: string;
}

export function problem(
  code: ShapeCode,
  message: string,
  extras: { hint?: string; option?: string } = {},
): Problem {
  return { problem: code, message, ...extras };
}

interface AnyLabel {
  readonly dims: readonly number[];
  readonly optional: boolean;
}

/** What a task's label is: only a category says how many classes there are. */
export type LabelType =
  | (AnyLabel & { readonly kind: "float" | "int" | "binary" })
  | (AnyLabel & { readonly kind: "category"; readonly classes: Classes });

/** How raw outputs become probabilities. */
export type Link = "sigmoid" | "softmax";

/** Where the numbers of a value lie, as far as the model's structure says. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Made by sums and products with weights, with no activation after them: a cross-entropy takes such numbers for logits. */
  readonly linear?: boolean | undefined;
  /** Shares of a whole along the last axis: a softmax, or a mixture of such. */
  readonly shares?: boolean | undefined;
}
