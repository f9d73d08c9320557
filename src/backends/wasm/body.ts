import type { Extent, Place } from "../../runtime/wasm/plan.js";
import { lookup, resultOf, typeOf } from "../../tensor/lookup.js";
import { constantSignature, scanSignature } from "../../tensor/ops.js";
import type { Operation, Program } from "../../tensor/program.js";
import { bytes, count, place, type PlanBuilder } from "./builder.js";
import { chainCall, kernelCalls, type CallSite } from "./calls.js";
import { extentOf, plus, product, sameExtent, sizeExtent, times } from "./extent.js";
import { fuse, type Fused } from "./fuse.js";
import type { Group } from "./group.js";
import type { Item } from "./items.js";
import { trafficOf, type Traffic } from "./traffic.js";
import { isDenseAccess, type Views } from "./views.js";

/** Where an output of a body has to be when it ends. */
export interface Target {
  readonly value: number;
  readonly place: Place;
  /** The input that the place holds when the body begins. */
  readonly holds: number | undefined;
}

interface Pending extends Target {
  done: boolean;
}

/** Adds a program's calls to a plan; its inputs are where `places` says. */
export function planBody(
  builder: PlanBuilder,
  program: Program,
  places: ReadonlyMap<number, Place>,
  targets: readonly Target[],
): void {
  new BodyPlanner(builder, program, places, targets).plan();
}

class BodyPlanner {
  private readonly places: Map<number, Place>;
  private readonly targets: Pending[];
  /** The targets by the value whose elements they need. */
  private readonly targetsOf = new Map<number, Pending[]>();
  private readonly fused: Fused;
  private readonly views: Views;
  private readonly traffic: readonly Traffic[];
  private readonly lastRead = new Map<number, number>();
  /** Temporaries that this body made, by value: another value may take them over. */
  private readonly own = new Set<number>();
  private readonly inputs: ReadonlySet<number>;
  private readonly site: CallSite;

  constructor(
    private readonly builder: PlanBuilder,
    private readonly program: Program,
    places: ReadonlyMap<number, Place>,
    targets: readonly Target[],
  ) {
    this.places = new Map(places);
    this.targets = targets.map((t) => ({ ...t, done: false }));
    this.inputs = new Set(program.inputs.map((i) => i.value.id));
    const held = targets.flatMap((t) => (t.holds === undefined ? [] : [[t.value, t.holds] as const]));
    this.fused = fuse(program, new Map(held));
    const { views } = this.fused;
    this.views = views;
    const placing = { placeOf: (id: number) => this.placeOf(id), label: (id: number) => this.label(id) };
    this.site = { builder, program, views, places: this.places, ...placing };
    for (const target of this.targets) {
      const { source } = this.views.of({ id: target.value });
      const known = this.targetsOf.get(source);
      if (known) known.push(target);
      else this.targetsOf.set(source, [target]);
    }
    this.traffic = this.fused.items.map((item) => trafficOf(item, this.views));
    this.traffic.forEach(({ reads }, i) => {
      for (const id of reads) this.lastRead.set(id, i);
    });
  }

  plan(): void {
    for (const op of this.program.operations) if (op.primitive === "constant") this.constant(op);
    const copies = this.givenOutputs();
    for (const target of this.targets) {
      const { source } = this.views.of({ id: target.value });
      if (!target.done && !this.isWhole(target.value)) this.lastRead.set(source, Number.POSITIVE_INFINITY);
    }
    this.fused.items.forEach((item, i) => this.item(item, i));
    for (const target of this.targets) if (!target.done) this.copyOut(target);
    for (const copy of copies) copy();
  }

  private constant(op: Operation): void {
    const { id } = resultOf(op);
    const shape = this.views.shapeOf(id).map(extentOf);
    if (sameExtent(product(shape), 1)) return;
    const { dtype, data } = constantSignature.attributes(op.attributes);
    const at = this.builder.buffer({
      name: this.label(id),
      role: "constant",
      dtype,
      size: product(shape),
      shape,
      data,
    });
    this.places.set(id, at);
  }

  /** An output that is an input is copied before anything changes it; gives what is to be done at the end. */
  private givenOutputs(): (() => void)[] {
    const atEnd: (() => void)[] = [];
    for (const target of this.targets) {
      const { source } = this.views.of({ id: target.value });
      if (!this.inputs.has(source) || !this.isDense(target.value)) continue;
      target.done = true;
      if (target.holds === source && this.isWhole(target.value)) continue;
      if (target.holds === undefined) {
        this.copy(this.placeOf(target.value), target.place, target.value);
        continue;
      }
      const kept = this.temporary(target.value);
      this.copy(this.placeOf(target.value), kept, target.value);
      atEnd.push(() => this.copy(kept, target.place, target.value));
    }
    return atEnd;
  }

  private isDense(id: number): boolean {
    const { shape, strides } = this.views.of({ id });
    return isDenseAccess({ offset: 0, axes: this.views.axes(shape, strides) });
  }

  /** Whether a value consists of all elements of its source in their order, so that both can be in one place. */
  private isWhole(id: number): boolean {
    const view = this.views.of({ id });
    const same = sameExtent(sizeExtent(view.shape), sizeExtent(this.views.shapeOf(view.source)));
    return this.isDense(id) && same && sameExtent(view.offset, 0);
  }

  private placeOf(id: number): Place {
    const view = this.views.of({ id });
    const held = this.places.get(view.source);
    if (held === undefined)
      throw new Error(`value ${view.source} of program ${this.program.name} has no place`);
    return moved(held, view.offset);
  }

  private copy(from: Place, to: Place, id: number): void {
    const size = sizeExtent(this.views.shapeOf(id));
    const args = [place(from), place(to), count(bytes(size))];
    this.builder.call({
      kernel: "copy",
      args,
      note: "copy",
      origin: undefined,
      flops: 0,
      bytes: times(size, 8),
    });
  }

  private copyOut(target: Pending): void {
    this.copy(this.placeOf(target.value), target.place, target.value);
  }

  private label(id: number): string {
    return this.builder.labels?.(this.program, id) ?? "";
  }

  private temporary(id: number): Place {
    const shape = this.views.shapeOf(id).map(extentOf);
    const { dtype } = typeOf(this.program, { id });
    return this.builder.buffer({
      name: this.label(id),
      role: "temporary",
      dtype,
      size: product(shape),
      shape,
    });
  }

  private item(item: Item, index: number): void {
    const { writes } = this.traffic[index]!;
    const { into } = item.kind === "kernel" ? (item.epilogue ?? { into: undefined }) : { into: undefined };
    for (const id of writes) this.places.set(id, this.storageFor(id, item, index, into));
    if (item.kind === "chain") chainCall(this.site, item.group);
    else if (item.kind === "kernel") kernelCalls(this.site, item);
    else this.loop(item.op);
  }

  /** A result's place: where an output has to be, else that of an operand that nobody needs any more, else a new one. */
  private storageFor(id: number, item: Item, index: number, into: number | undefined): Place {
    const target = this.targetsOf.get(id)?.find((t) => !t.done && this.goesTo(t, id, item, index, into));
    if (target) {
      target.done = true;
      return target.place;
    }
    if (into !== undefined) return this.takeOver(into, id);
    const dying = item.kind === "chain" ? this.dyingOperand(id, item.group, index) : undefined;
    return dying === undefined ? this.owned(id) : this.takeOver(dying, id);
  }

  private owned(id: number): Place {
    this.own.add(id);
    return this.temporary(id);
  }

  private takeOver(from: number, id: number): Place {
    if (this.own.delete(from)) this.own.add(id);
    return { ...lookup(this.places, from), ...(this.builder.labels ? { label: this.label(id) } : {}) };
  }

  /** Whether a result can be made at the very place where an output has to be. */
  private goesTo(target: Target, id: number, item: Item, index: number, into: number | undefined): boolean {
    if (!this.isWhole(target.value)) return false;
    if (into !== undefined && into !== target.holds) return false;
    if (!fitsExactly(target.place, sizeExtent(this.views.shapeOf(id)))) return false;
    const { holds } = target;
    if (holds === undefined || holds === into) return true;
    const last = this.lastRead.get(holds) ?? -1;
    return last < index || (last === index && this.isInPlace(holds, id, item, index));
  }

  private isInPlace(operand: number, id: number, item: Item, index: number): boolean {
    if (item.kind !== "chain" || !this.traffic[index]!.direct.has(operand)) return false;
    return item.group.byValue.get(id)?.length === "full";
  }

  private dyingOperand(id: number, group: Group, index: number): number | undefined {
    if (group.byValue.get(id)?.length !== "full") return undefined;
    const size = sizeExtent(this.views.shapeOf(id));
    for (const operand of this.traffic[index]!.direct) {
      const ends = this.own.has(operand) && this.lastRead.get(operand) === index;
      if (ends && !this.isAwaited(operand) && sameExtent(sizeExtent(this.views.shapeOf(operand)), size))
        return operand;
    }
    return undefined;
  }

  /** Whether an output still has to be copied from the value. */
  private isAwaited(id: number): boolean {
    return this.targetsOf.get(id)?.some((t) => !t.done) ?? false;
  }

  /** Carries keep one place from step to step; slices of xs and ys are read and written where they lie. */
  private loop(op: Operation): void {
    const { length, constants, carries, reverse, body } = scanSignature.attributes(op.attributes);
    const { builder } = this;
    const carried = op.outputs.slice(0, carries).map((v) => lookup(this.places, v.id));
    carried.forEach((to, i) => {
      const { id } = op.inputs[constants + i]!;
      this.copy(this.placeOf(id), to, id);
    });
    builder.loop(extentOf(length), reverse, op.origin, (loop) => {
      const sizeOf = (id: number) => sizeExtent(typeOf(body, { id }).shape);
      const along = (at: Place, id: number): Place => ({
        ...at,
        steps: [...at.steps, { loop, stride: sizeOf(id) }],
      });
      const inner = body.inputs.map(({ value }, i): [number, Place] => {
        if (i >= constants && i < constants + carries) return [value.id, carried[i - constants]!];
        const at = this.placeOf(op.inputs[i]!.id);
        return [value.id, i < constants ? at : along(at, value.id)];
      });
      const targets = body.outputs.map(({ value }, i): Target => {
        if (i < carries)
          return { value: value.id, place: carried[i]!, holds: body.inputs[constants + i]!.value.id };
        return {
          value: value.id,
          place: along(lookup(this.places, op.outputs[i]!.id), value.id),
          holds: undefined,
        };
      });
      planBody(builder, body, new Map(inner), targets);
    });
  }
}

function moved(at: Place, offset: Extent): Place {
  return { ...at, offset: plus(at.offset, offset) };
}

/** Kernels may write up to the next multiple of four elements: whether they then stay within a slice of a loop's buffer. */
function fitsExactly({ steps, offset }: Place, size: Extent): boolean {
  const byFour = (e: Extent) => (typeof e === "number" ? [e] : e).every((c) => c % 4 === 0);
  return (steps.length === 0 && sameExtent(offset, 0)) || byFour(size);
}
