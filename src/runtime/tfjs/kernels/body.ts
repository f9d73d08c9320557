import type { Tensor, Tf, TfjsBody } from "../types.js";

/** A body that takes its inputs one by one, under names. */
export function body(run: (tf: Tf, batch: number, ...inputs: Tensor[]) => Tensor[]): TfjsBody {
  return (tf, inputs, batch) => run(tf, batch, ...inputs);
}
