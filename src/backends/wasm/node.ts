import type { Extent } from "../../runtime/wasm/plan.js";
import type { Access } from "./views.js";

/** FULL: an element for each of the group's; ROW: one for each of its rows; ONE: a sum of all. COLUMN: of all rows. */
export type Length = "full" | "row" | "one" | "column";

/** What an instruction reads. */
export type Operand =
  | { readonly kind: "node"; readonly node: Node }
  /** Elements of a value in memory; its storage is known once the body is laid out. */
  | { readonly kind: "memory"; readonly source: number; readonly access: Access }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  /** A size, as a float. */
  | { readonly kind: "size"; readonly extent: Extent };

/** One instruction of a group, before registers are known. */
export interface Node {
  readonly opcode: number;
  readonly length: Length;
  readonly operands: readonly Operand[];
  /** Numbers in the instruction itself, after the operands. */
  readonly immediates: readonly Extent[];
  /** The value that it computes; undefined for a helper. */
  readonly value: number | undefined;
  /** The primitive's name, for comments in emitted code. */
  readonly text: string;
  readonly origin: string | undefined;
}

/** A node that computes a value of the program. */
export interface ValueNode extends Node {
  readonly value: number;
}
