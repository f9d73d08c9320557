import { coefficientOf, powerOf, type Dimension, type Shape } from "../../tensor/dimension.js";
import type { DType } from "../../tensor/program.js";

/** A node's output: `name`, or `name:1` for further ones. */
export type Ref = string;

export type GraphDType = "DT_FLOAT" | "DT_INT32" | "DT_BOOL";

export interface GraphShape {
  readonly dim: readonly { readonly size: string }[];
}

/** An attribute as the JSON form of a GraphDef has it. */
export type AttributeValue =
  | { readonly type: GraphDType }
  | { readonly s: string }
  | { readonly i: string }
  | { readonly b: boolean }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly shape: GraphShape }
  | { readonly tensor: { readonly dtype: GraphDType; readonly tensorShape: GraphShape } };

export type NodeAttributes = Readonly<Record<string, AttributeValue>>;

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly Ref[];
  readonly attr: NodeAttributes;
}

/** A constant whose numbers stand in the weight files. */
export interface GraphWeight {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export const GRAPH_DTYPES: Readonly<Record<DType, GraphDType>> = {
  float: "DT_FLOAT",
  int: "DT_INT32",
  bool: "DT_BOOL",
};

export const typeAttribute = (dtype: DType): AttributeValue => ({ type: GRAPH_DTYPES[dtype] });
export const textAttribute = (text: string): AttributeValue => ({ s: btoa(text) });
export const integerAttribute = (value: number): AttributeValue => ({ i: String(value) });
export const boolAttribute = (value: boolean): AttributeValue => ({ b: value });
export const integersAttribute = (values: readonly number[]): AttributeValue => ({
  list: { i: values.map(String) },
});

/** The sizes of a shape; what depends on the batch is -1, unknown. */
export function graphShape(shape: Shape): GraphShape {
  return { dim: shape.map((d) => ({ size: String(typeof d === "number" ? d : -1) })) };
}

/** A graph in the making. Nodes are named by the scope that is open and their op, and no two alike. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly weights: GraphWeight[] = [];
  private readonly taken = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly constants = new Map<string, Ref>();
  private readonly powers: Ref[] = [];
  private scope = "";

  within<T>(scope: string, work: () => T): T {
    const before = this.scope;
    this.scope = scope;
    try {
      return work();
    } finally {
      this.scope = before;
    }
  }

  /** Adds a node under the wanted name, or one close to it where that is taken. */
  named(wanted: string, op: string, input: readonly Ref[], attr: NodeAttributes): Ref {
    const name = this.fresh(wanted);
    this.nodes.push(input.length === 0 ? { name, op, attr } : { name, op, input, attr });
    return name;
  }

  node(op: string, input: readonly Ref[], attr: NodeAttributes = {}): Ref {
    return this.named(this.scope === "" ? op : `${this.scope}/${op}`, op, input, attr);
  }

  weight(wanted: string, dtype: DType, shape: readonly number[], data: ArrayLike<number>): Ref {
    const value = { tensor: { dtype: GRAPH_DTYPES[dtype], tensorShape: graphShape(shape) } };
    const attr = { dtype: typeAttribute(dtype), value };
    const name = this.named(wanted, "Const", [], attr);
    this.weights.push({ name, dtype, shape, data });
    return name;
  }

  constant(dtype: DType, shape: readonly number[], data: readonly number[]): Ref {
    const key = data.length > 16 ? undefined : `${dtype} ${shape.join()} ${data.map(show).join()}`;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const ref = this.weight("constants/Const", dtype, shape, data);
    if (key !== undefined) this.constants.set(key, ref);
    return ref;
  }

  integers(values: readonly number[]): Ref {
    return this.constant("int", [values.length], values);
  }

  integer(value: number): Ref {
    return this.constant("int", [], [value]);
  }

  /** Names a placeholder's axis whose size is exactly B: there the graph reads the batch. */
  readBatch(placeholder: Ref, axis: number): void {
    if (this.powers.length > 0) return;
    const scope = "batch";
    const shape = this.named(`${scope}/Shape`, "Shape", [placeholder], { out_type: typeAttribute("int") });
    const slice = [shape, this.integers([axis]), this.integers([axis + 1]), this.integers([1])];
    const attr = { T: typeAttribute("int"), shrink_axis_mask: integerAttribute(1) };
    this.powers.push(this.named(`${scope}/StridedSlice`, "StridedSlice", slice, attr));
  }

  /** A dimension as an int scalar. */
  dimension(d: Dimension): Ref {
    const power = powerOf(d);
    if (power === 0) return this.integer(coefficientOf(d));
    const [batch] = this.powers;
    if (batch === undefined) throw new Error("no input has the batch as an axis");
    let whole = batch;
    for (let p = 1; p < power; p++)
      whole = this.powers[p] ??= this.node("Mul", [whole, batch], { T: typeAttribute("int") });
    const coefficient = coefficientOf(d);
    if (coefficient === 1) return whole;
    return this.node("Mul", [whole, this.integer(coefficient)], { T: typeAttribute("int") });
  }

  /** A shape as a vector of ints. */
  dimensions(shape: Shape): Ref {
    if (shape.every((d) => typeof d === "number")) return this.integers(shape);
    const sizes = shape.map((d) => this.dimension(d));
    const attr = { T: typeAttribute("int"), N: integerAttribute(sizes.length), axis: integerAttribute(0) };
    return this.node("Pack", sizes, attr);
  }

  private fresh(wanted: string): string {
    // Only characters that GraphDef allows, and never digits alone: an object's keys would put such a name first.
    const clean = wanted.replaceAll(/[^A-Za-z0-9_./]+/g, "_").replace(/^[^A-Za-z.]/, "n$&") || "node";
    let name = clean;
    let count = this.counts.get(clean) ?? 0;
    // tfjs looks names up in plain objects, which would find inherited ones such as `constructor`.
    while (this.taken.has(name) || name in Object.prototype) name = `${clean}_${++count}`;
    this.counts.set(clean, count);
    this.taken.add(name);
    return name;
  }
}

function show(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}
