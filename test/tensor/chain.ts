import { B, createBuilder, ops, type Builder, type Program, type Value } from "../../src/tensor/index.js";

/** One more operation on y; w is a square matrix. */
type Link = (b: Builder, y: Value, w: Value, i: number) => Value;

export const links: Readonly<Record<string, Link>> = {
  "added to itself": (b, y) => ops.add(b, y, y),
  "multiplied by a matrix": (b, y, w) => ops.relu(b, ops.matmul(b, y, w)),
  "read in another shape": (b, y, _w, i) =>
    ops.barrier(b, ops.reshape(b, y, i % 2 === 0 ? [B, 4, 2] : [B, 8])),
  "turned and cut": (b, y) =>
    ops.concat(b, [ops.slice(b, y, [0, 4], [B, 4]), ops.slice(b, y, [0, 0], [B, 4])], 1),
  compared: (b, y) => ops.mul(b, y, ops.cast(b, ops.lt(b, y, 1), "float")),
  "summed and spread": (b, y) => ops.add(b, y, ops.broadcast(b, ops.sum(b, y, [1], true), [B, 8])),
};

/** So many operations one after the other, with gradients and an update. */
export function chain(link: Link, length: number): Program {
  const b = createBuilder("chain");
  const x = b.argument("x", { dtype: "float", shape: [B, 8] });
  const w = b.state("w", { dtype: "float", shape: [8, 8] });
  let y = x;
  for (let i = 0; i < length; i++) y = link(b, y, w, i);
  const loss = ops.sumAll(b, ops.square(b, y));
  const [toX, toW] = b.gradients(loss, [x, w]);
  b.result("gradient", toX!);
  b.update("w", ops.sub(b, w, ops.mul(b, toW!, 0.1)));
  return b.build();
}
