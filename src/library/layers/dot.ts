import { elementCount } from "../../runtime/elements.js";
import { dimensions, ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { tensor } from "../kinds/parameters.js";
import { isProbability, linear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { floatInput, show } from "./shapes.js";

export const dot = defineLayer({
  name: "dot",
  doc: "The matrix product of two tensors, row by row of the batch: [n] with [n, m] gives [m], [k, n] with [n, m] gives [k, m], and [n] with [n] gives [1]. The right one may be a bare weight.",
  example: "mixed = dot(gate, stack(experts))",
  parameters: {
    left: tensor("[n] or [k, n]."),
    right: tensor("[n] or [n, m]."),
  },
  range: ({ ranges: [left = linear, right = linear], inputs }) => {
    // Where one side holds shares, the product is a weighted mean of the other's rows; of two vectors it may be either side.
    const mixed = left.shares ? right : right.shares && inputs[1]?.length === 1 ? left : undefined;
    if (mixed) return isProbability(mixed) ? mixed : { ...mixed, linear: true };
    return left.low >= 0 && right.low >= 0 ? { ...linear, low: 0 } : linear;
  },
  shape: ({ inputs: { left, right } }) => {
    const wrong = floatInput(left, "dot") ?? floatInput(right, "dot");
    if (wrong) return wrong;
    const ranks = [left.dims.length, right.dims.length];
    if (ranks.some((r) => r < 1 || r > 2) || left.dims.at(-1) !== right.dims[0]) {
      return problem("NN3001", `\`dot\` cannot multiply ${show(left)} with ${show(right)}.`, {
        hint: "The last dimension of the left and the first of the right must be equal.",
      });
    }
    if (!left.batched) {
      return problem(
        "NN3001",
        "The left side of `dot` must depend on an input; a bare weight stands on the right.",
        {
          hint: "Turn them round: `dot(x, weight)`.",
        },
      );
    }
    const dims = [...left.dims.slice(0, -1), ...right.dims.slice(1)];
    return { dtype: "float", dims: dims.length === 0 ? [1] : dims, batched: true };
  },
  multiplyAdds: ({ inputs: { left, right } }) => elementCount(left.dims) * (right.dims[1] ?? 1),
  lower: ({ b, inputs: { left, right }, values: { left: a, right: c }, output, batch }) => {
    if (!right.batched) {
      const n = dimensionAt(right.dims, 0);
      const matrix = right.dims.length === 1 ? ops.reshape(b, c, [n, 1]) : c;
      const outer = left.dims.length === 2 ? dimensions.multiply(batch, dimensionAt(left.dims, 0)) : batch;
      return ops.reshape(b, ops.matmul(b, ops.reshape(b, a, [outer, n]), matrix), [batch, ...output.dims]);
    }
    const rows = left.dims.length === 1 ? ops.reshape(b, a, [batch, 1, dimensionAt(left.dims, 0)]) : a;
    const columns = right.dims.length === 1 ? ops.reshape(b, c, [batch, dimensionAt(right.dims, 0), 1]) : c;
    return ops.reshape(b, ops.matmul(b, rows, columns), [batch, ...output.dims]);
  },
});
