import { sameDimension } from "../../tensor/dimension.js";
import { lastOf, resultOf } from "../../tensor/lookup.js";
import type { Operation, Program } from "../../tensor/program.js";
import { extentOf, sameExtent } from "./extent.js";
import { writing } from "./kernels.js";
import { accessIn, type Views } from "./views.js";

/** What a kernel does to its result while it writes it. */
export interface Epilogue {
  readonly kernel: Operation;
  /** The operations that it takes over; the kernel runs where the last of them stood. */
  readonly operations: readonly Operation[];
  /** The value that is written. */
  readonly value: number;
  readonly bias: number | undefined;
  readonly relu: boolean;
  /** The value whose storage the product is added to. */
  readonly into: number | undefined;
  /** Values that it reads beside the kernel's own. */
  readonly reads: readonly number[];
}

/** Additions after a matmul or convolution that can be made while its result is written, by the last operation of each. */
export function findEpilogues(
  program: Program,
  views: Views,
  held: ReadonlyMap<number, number>,
): ReadonlyMap<Operation, Epilogue> {
  const uses = usesOf(program);
  const given = new Set(program.inputs.map((i) => i.value.id));
  const context: Context = { given, views, uses, held };
  const found = new Map<Operation, Epilogue>();
  const taken = new Set<Operation>();
  for (const kernel of program.operations) {
    const can = writing.get(kernel.primitive);
    if (!can) continue;
    const out = resultOf(kernel).id;
    const [add, more] = uses.get(out) ?? [];
    if (!add || add === "output" || more || add.primitive !== "add" || taken.has(add)) continue;
    // A sum of the result with itself has no other summand.
    const other = add.inputs.find(({ id }) => id !== out)?.id;
    if (other === undefined) continue;
    const epilogue =
      can.bias && isBias(context, kernel, other)
        ? biased(context, kernel, add, other)
        : can.accumulate && canHold(context, kernel, add, other)
          ? accumulating(kernel, add, other)
          : undefined;
    if (!epilogue) continue;
    for (const op of epilogue.operations) taken.add(op);
    found.set(lastOf(epilogue.operations), epilogue);
  }
  return found;
}

interface Context {
  /** The program's inputs. */
  readonly given: ReadonlySet<number>;
  readonly views: Views;
  readonly uses: Uses;
  readonly held: ReadonlyMap<number, number>;
}

type Uses = ReadonlyMap<number, readonly (Operation | "output")[]>;

function usesOf(program: Program): Uses {
  const uses = new Map<number, (Operation | "output")[]>();
  const add = (id: number, by: Operation | "output") => {
    const all = uses.get(id);
    if (all) all.push(by);
    else uses.set(id, [by]);
  };
  for (const op of program.operations) for (const v of op.inputs) add(v.id, op);
  for (const o of program.outputs) add(o.value.id, "output");
  return uses;
}

/** Whether a value is an input of the program, or a view of one, with one number for each column of the result. */
function isBias({ given, views }: Context, kernel: Operation, id: number): boolean {
  const view = views.of({ id });
  if (!given.has(view.source)) return false;
  const shape = views.shapeOf(resultOf(kernel).id);
  if (view.shape.length > shape.length) return false;
  const columns = extentOf(lastOf(shape));
  const { axes } = accessIn(view, shape);
  if (sameExtent(columns, 1)) return axes.every((a) => sameExtent(a.stride, 0)) && axes.length > 0;
  const [rows, along, more] = axes;
  if (!rows || !along || more) return false;
  return sameExtent(rows.stride, 0) && sameExtent(along.stride, 1) && sameExtent(along.size, columns);
}

function biased({ uses }: Context, kernel: Operation, add: Operation, bias: number): Epilogue {
  const value = resultOf(add).id;
  const [next, more] = uses.get(value) ?? [];
  const base = { kernel, bias, into: undefined, reads: [bias] };
  if (next && next !== "output" && !more && next.primitive === "relu") {
    return { ...base, operations: [kernel, add, next], value: resultOf(next).id, relu: true };
  }
  return { ...base, operations: [kernel, add], value, relu: false };
}

function accumulating(kernel: Operation, add: Operation, into: number): Epilogue {
  const value = resultOf(add).id;
  return { kernel, operations: [kernel, add], value, bias: undefined, relu: false, into, reads: [into] };
}

/** Whether the other summand's storage can become the sum's: nobody else reads it, and it is not the caller's. */
function canHold(
  { given, views, uses, held }: Context,
  kernel: Operation,
  add: Operation,
  id: number,
): boolean {
  const view = views.of({ id });
  const out = resultOf(add);
  const same = views.shapeOf(id).length === views.shapeOf(out.id).length;
  if (
    view.source !== id ||
    !same ||
    !views.shapeOf(id).every((d, i) => sameDimension(d, views.shapeOf(out.id)[i]!))
  )
    return false;
  if ((uses.get(id) ?? []).length > 1 || kernel.inputs.some((v) => views.of(v).source === id)) return false;
  if (given.has(id)) return held.get(out.id) === id;
  const primitive = views.producer(id)?.primitive;
  return primitive === "matmul" || primitive === "add";
}
