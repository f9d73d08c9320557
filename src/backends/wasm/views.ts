import type { Extent } from "../../runtime/wasm/plan.js";
import { sameDimension, type Shape } from "../../tensor/dimension.js";
import { sliceSignature, transposeSignature } from "../../tensor/ops.js";
import type { Operation, Program, Value } from "../../tensor/program.js";
import { typeOf } from "../../tensor/lookup.js";
import { denseStrides, extentOf, sameExtent, times, total } from "./extent.js";

/** How a value is read from the dense elements of another: its own axes, with strides and an offset in elements. */
export interface View {
  /** The id of the value whose elements are read. */
  readonly source: number;
  readonly offset: Extent;
  readonly shape: Shape;
  readonly strides: readonly Extent[];
}

/** One run of axes that can be read as one. */
export interface Axis {
  readonly size: Extent;
  readonly stride: Extent;
}

export interface Access {
  readonly offset: Extent;
  /** Collapsed; none for a single element. */
  readonly axes: readonly Axis[];
}

/** Finds for each value what it is a view of; a root is a value with elements of its own, and any value can be made one. */
export class Views {
  private readonly producers = new Map<number, Operation>();
  private readonly roots = new Set<number>();
  private readonly known = new Map<number, View>();
  /** By a value's id, the values whose views were found through its view; these are forgotten when it becomes a root. */
  private readonly through = new Map<number, number[]>();

  constructor(private readonly program: Program) {
    for (const op of program.operations) for (const v of op.outputs) this.producers.set(v.id, op);
  }

  producer(id: number): Operation | undefined {
    return this.producers.get(id);
  }

  shapeOf(id: number): Shape {
    return typeOf(this.program, { id }).shape;
  }

  /** From now on the value has elements of its own. */
  makeRoot(id: number): void {
    this.roots.add(id);
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      this.known.delete(next);
      for (const reader of this.through.get(next) ?? []) waiting.push(reader);
      this.through.delete(next);
    }
  }

  /** Whether the value is only another way to read an earlier one. */
  isView(id: number): boolean {
    return this.of({ id }).source !== id;
  }

  /** Walks down to a known view and up again in loops, since a chain of views may be too long for recursion. */
  of({ id }: Value): View {
    const waiting: { readonly id: number; readonly op: Operation; readonly input: Value }[] = [];
    let view: View | undefined;
    for (let at = id; view === undefined;) {
      view = this.known.get(at);
      if (view) break;
      const op = this.roots.has(at) ? undefined : this.producers.get(at);
      const input = op && this.inputOf(op, at);
      if (!op || !input) this.known.set(at, (view = this.dense(at)));
      else waiting.push({ id: at, op, input });
      at = input?.id ?? at;
    }
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      view = this.read(next.op, next.input, view, next.id);
      this.known.set(next.id, view);
      const others = this.through.get(next.input.id);
      if (others) others.push(next.id);
      else this.through.set(next.input.id, [next.id]);
    }
    return view;
  }

  /** What the value would be a view of if it were no root; undefined where it is computed. */
  beneath(id: number): View | undefined {
    const op = this.producers.get(id);
    const input = op && this.inputOf(op, id);
    const view = op && input && this.read(op, input, this.of(input), id);
    return view?.source === id ? undefined : view;
  }

  axes(shape: Shape, strides: readonly Extent[]): Axis[] {
    return collapse(shape, strides);
  }

  private dense(id: number): View {
    const shape = this.shapeOf(id);
    return { source: id, offset: 0, shape, strides: denseStrides(shape.map(extentOf)) };
  }

  /** The operand whose elements an operation only reads in another way; undefined where it computes. */
  private inputOf(op: Operation, id: number): Value | undefined {
    const [input] = op.inputs;
    switch (op.primitive) {
      case "detach":
      case "barrier":
      case "reshape":
      case "broadcast":
      case "slice":
        return input;
      case "sum":
      case "max_reduce":
      case "transpose": {
        // Reducing or moving only axes of one element leaves all elements where they are.
        const shape = input ? this.shapeOf(input.id) : [];
        const same = wide(shape).length === wide(this.shapeOf(id)).length;
        return same && keepsOrder(op, shape) ? input : undefined;
      }
      default:
        return undefined;
    }
  }

  /** The view of an operation's result, from that of the operand which it reads. */
  private read(op: Operation, input: Value, of: View, id: number): View {
    const shape = this.shapeOf(id);
    switch (op.primitive) {
      case "detach":
      case "barrier":
        return of;
      case "broadcast":
        return broadcastTo(of, shape);
      case "slice":
        return sliced(of, op, shape);
      case "reshape":
        return reshaped(of, shape) ?? this.rooted(input, shape);
      default:
        return reshaped(of, shape) ?? this.dense(id);
    }
  }

  /** A view that cannot be read under another shape is copied first, and then read. */
  private rooted(input: Value, shape: Shape): View {
    this.makeRoot(input.id);
    return { source: input.id, offset: 0, shape, strides: denseStrides(shape.map(extentOf)) };
  }
}

function wide(shape: Shape): Shape {
  return shape.filter((d) => !sameDimension(d, 1));
}

function keepsOrder(op: Operation, shape: Shape): boolean {
  const transpose = transposeSignature.of(op);
  if (!transpose) return true;
  const moved = transpose.attributes.perm.filter((axis) => !sameDimension(shape[axis]!, 1));
  return moved.every((axis, i) => i === 0 || moved[i - 1]! < axis);
}

/** The axes of more than one element, neighbours joined where they can be. */
export function collapse(shape: Shape, strides: readonly Extent[]): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((d, i) => {
    if (sameDimension(d, 1)) return;
    const axis = { size: extentOf(d), stride: strides[i]! };
    const before = axes.at(-1);
    if (before && sameExtent(before.stride, times(axis.stride, axis.size)))
      axes[axes.length - 1] = { size: times(before.size, axis.size), stride: axis.stride };
    else axes.push(axis);
  });
  return axes;
}

export function isDenseAccess({ axes }: Access): boolean {
  return axes.length === 0 || (axes.length === 1 && sameExtent(axes[0]!.stride, 1));
}

/** Whether one element is read again and again. */
export function isSplatAccess({ axes }: Access): boolean {
  return axes.length > 0 && axes.every((a) => sameExtent(a.stride, 0));
}

/** Whether all elements are read in row-major order, one after another. */
export function isDense(view: View): boolean {
  return isDenseAccess({ offset: view.offset, axes: collapse(view.shape, view.strides) });
}

function reshaped(view: View, shape: Shape): View | undefined {
  if (isDense(view)) return { ...view, shape, strides: denseStrides(shape.map(extentOf)) };
  const strides = splitAxes(collapse(view.shape, view.strides), shape);
  return strides && { ...view, shape, strides };
}

/** The strides that read the same runs of axes under another shape. */
function splitAxes(axes: readonly Axis[], shape: Shape): Extent[] | undefined {
  const strides: Extent[] = shape.map(() => 0);
  let axis = axes.length - 1;
  let inner: Extent = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = extentOf(shape[i]!);
    if (sameExtent(size, 1)) continue;
    const run = axes[axis];
    if (!run) return undefined;
    strides[i] = times(run.stride, inner);
    inner = times(inner, size);
    if (sameExtent(inner, run.size)) {
      axis--;
      inner = 1;
    } else if (typeof inner !== "number" || typeof run.size !== "number" || run.size % inner !== 0) {
      if (!isPart(inner, run.size)) return undefined;
    }
  }
  return axis < 0 ? strides : undefined;
}

/** Whether a run of `size` elements can be divided into parts of `inner` elements. */
function isPart(inner: Extent, size: Extent): boolean {
  if (typeof size === "number") return typeof inner === "number" && size % inner === 0;
  return typeof inner === "number" ? size.every((c) => c % inner === 0) : false;
}

function broadcastTo(view: View, shape: Shape): View {
  const lead = shape.length - view.shape.length;
  const strides = shape.map((d, i): Extent => {
    const own = view.shape[i - lead];
    return own === undefined || (sameDimension(own, 1) && !sameDimension(d, 1)) ? 0 : view.strides[i - lead]!;
  });
  return { ...view, shape, strides };
}

function sliced(view: View, op: Operation, shape: Shape): View {
  const { begin, stride } = sliceSignature.attributes(op.attributes);
  const offset = total([view.offset, ...begin.map((b, i) => times(extentOf(b), view.strides[i]!))]);
  return { ...view, shape, offset, strides: view.strides.map((s, i) => times(s, stride[i]!)) };
}

/** How the elements of an operation's result, in row-major order, read a view that broadcasts to its shape. */
export function accessIn(view: View, shape: Shape): Access {
  const all = broadcastTo(view, shape);
  return { offset: all.offset, axes: collapse(shape, all.strides) };
}
