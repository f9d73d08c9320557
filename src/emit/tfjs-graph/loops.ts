import type { DType } from "../../tensor/program.js";
import { integerAttribute, typeAttribute, type Graph, type Ref } from "./graph.js";
import { typeOf } from "../../tensor/lookup.js";
import type { GraphRow } from "./row.js";

/** The longest loop that is unrolled; as a `While` it would run only under `executeAsync`, not under `predict`. */
const LONGEST = 256;

export const unrolled: GraphRow<"scan"> = (g, inputs, { attributes, inputs: types }, inline) => {
  const { length, constants, carries, reverse, body } = attributes;
  if (typeof length !== "number" || length < 1 || length > LONGEST) return undefined;
  const before = constants + carries;
  const slices = inputs.slice(before).map((x, i) => unpacked(g, x, length, types[before + i]!.dtype));
  let carried = inputs.slice(constants, before);
  const ys: Ref[][] = Array.from({ length }, () => []);
  for (let step = 0; step < length; step++) {
    const i = reverse ? length - 1 - step : step;
    const out = inline(body, [...inputs.slice(0, constants), ...carried, ...slices.map((s) => s[i]!)]);
    carried = out.slice(0, carries);
    ys[i] = out.slice(carries);
  }
  const stacked = body.outputs.slice(carries).map(({ value }, k) => {
    const T = typeAttribute(typeOf(body, value).dtype);
    const attr = { T, N: integerAttribute(length), axis: integerAttribute(0) };
    return g.node(
      "Pack",
      ys.map((y) => y[k]!),
      attr,
    );
  });
  return [...carried, ...stacked];
};

function unpacked(g: Graph, x: Ref, length: number, dtype: DType): Ref[] {
  const attr = { T: typeAttribute(dtype), num: integerAttribute(length), axis: integerAttribute(0) };
  const parts = g.node("Unpack", [x], attr);
  return Array.from({ length }, (_, i) => (i === 0 ? parts : `${parts}:${i}`));
}
