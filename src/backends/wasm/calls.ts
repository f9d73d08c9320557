import type { Extent, Place } from "../../runtime/wasm/plan.js";
import { lookup, lastOf, resultOf } from "../../tensor/lookup.js";
import type { Program } from "../../tensor/program.js";
import { bytes, count, place, type PlanBuilder } from "./builder.js";
import { encodeChain, isOutput, liveNodes } from "./chain.js";
import { plus, sizeExtent, times } from "./extent.js";
import { formula } from "./formula.js";
import type { Group } from "./group.js";
import type { Item } from "./items.js";
import { callKernel } from "./table.js";
import { memorySources } from "./traffic.js";
import type { Views } from "./views.js";

/** What calls are made from: a program's values and where they are. */
export interface CallSite {
  readonly builder: PlanBuilder;
  readonly program: Program;
  readonly views: Views;
  /** Where a value with storage of its own is. */
  readonly places: ReadonlyMap<number, Place>;
  /** Where a value's elements begin, of a view too. */
  placeOf(id: number): Place;
  label(id: number): string;
}

/** Adds the call of a chain. */
export function chainCall(site: CallSite, group: Group): void {
  const { builder, places, views } = site;
  const nodes = liveNodes(group);
  const note = builder.labels ? formula(group, nodes, (id) => site.label(id)) : "";
  const last = lastOf(nodes.filter((n) => isOutput(group, n)));
  const code = builder.code(`${site.label(last.value)}_code`, []);
  const scratch = builder.scratch(0);
  const encoded = encodeChain(group, {
    placeOf: (source) => places.get(source) ?? site.placeOf(source),
    targets: new Map([...group.outputs].map((id) => [id, lookup(places, id)])),
    code: code.buffer,
    scratch: scratch.buffer,
  });
  builder.resize(scratch, encoded.scratch);
  builder.setWords(code, encoded.words);
  const traffic = [...group.outputs, ...memorySources(nodes)].map((id) => sizeExtent(views.shapeOf(id)));
  builder.call({
    kernel: "chain",
    args: [place(code), count(0), count(group.size)],
    note,
    origin: nodes.find((n) => n.origin !== undefined)?.origin,
    flops: times(group.size, nodes.filter((n) => n.value !== undefined).length),
    bytes: bytesOf(traffic),
  });
}

/** Adds the calls that an operation's kernel row makes. */
export function kernelCalls(site: CallSite, { op, epilogue, twin }: Extract<Item, { kind: "kernel" }>): void {
  const { builder, views, program, places } = site;
  const result = resultOf(op).id;
  const out = epilogue?.value ?? result;
  const traffic = bytesOf([...op.inputs.map((v) => v.id), out].map((id) => sizeExtent(views.shapeOf(id))));
  const note = op.primitive;
  callKernel(op, {
    op,
    input: (i) => site.placeOf(op.inputs[i]!.id),
    shape: (i) => views.shapeOf(op.inputs[i]!.id),
    dtype: (i) => program.types[op.inputs[i]!.id]!.dtype,
    output: lookup(places, out),
    outputShape: views.shapeOf(result),
    second: twin && lookup(places, resultOf(twin).id),
    bias: epilogue?.bias === undefined ? undefined : site.placeOf(epilogue.bias),
    relu: epilogue?.relu ?? false,
    accumulate: epilogue?.into !== undefined,
    scratch: (size) => builder.scratch(size),
    words: (words) => builder.code(`${site.label(out)}_axes`, words),
    call: (kernel, args, flops = 0) =>
      builder.call({ kernel, args, note, origin: op.origin, flops, bytes: traffic }),
  });
}

function bytesOf(sizes: readonly Extent[]): Extent {
  return sizes.reduce<Extent>((sum, size) => plus(sum, bytes(size)), 0);
}
