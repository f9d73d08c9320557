import { ops } from "../../tensor/index.js";
import { loop } from "../loop.js";
import { dimensionAt } from "../sizes.js";
import { problem } from "../entry.js";
import { defineInitializer } from "../kinds/initializer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber } from "../kinds/values.js";

export const orthogonal = defineInitializer({
  name: "orthogonal",
  doc: "A matrix with orthonormal rows or columns, whichever are fewer (Saxe et al. 2014); leading dimensions count as rows.",
  example: "h = x |> dense(8, kernel_initializer: orthogonal)",
  parameters: { gain: option(anyNumber, "What it is multiplied by.", 1) },
  fits: (shape) =>
    shape.length >= 2
      ? undefined
      : problem("NN3002", `\`orthogonal\` makes matrices, not [${shape.join(", ")}].`),
  // Gram-Schmidt over normal vectors, each projected twice because once loses orthogonality in float32.
  lower: ({ b, shape, options, seed, stream }) => {
    const columns = dimensionAt(shape, -1);
    const rows = shape.slice(0, -1).reduce((a, d) => a * d, 1);
    const [n, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const vectors = ops.normal(b, { seed, step: ops.scalar(b, 0, "int"), stream }, [n, length]);
    const empty = ops.fill(b, 0, [n, length]);
    const marks = ops.cast(b, ops.eq(b, ops.iota(b, [n, n], 0), ops.iota(b, [n, n], 1)), "float");
    const { carries } = loop(
      b,
      n,
      { constants: [], carries: [empty], xs: [vectors, marks] },
      (body, { carries: [basis], xs: [vector, mark] }) => {
        let rest = ops.reshape(body, vector, [1, length]);
        for (let i = 0; i < 2; i++) {
          const along = ops.matmul(body, rest, basis, { transposeB: true });
          rest = ops.sub(body, rest, ops.matmul(body, along, basis));
        }
        const norm = ops.sqrt(body, ops.sum(body, ops.square(body, rest), [0, 1], true));
        const row = ops.matmul(body, ops.reshape(body, mark, [n, 1]), ops.div(body, rest, norm));
        return { carries: [ops.add(body, basis, row)] };
      },
    );
    const matrix = rows >= columns ? ops.transpose(b, carries[0], [1, 0]) : carries[0];
    return ops.mul(b, ops.reshape(b, matrix, shape), options.gain);
  },
});
