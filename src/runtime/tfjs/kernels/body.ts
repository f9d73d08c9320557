import type { Tensor, Tf, TfjsBody } from "../types.js";

/** Makes a program body of a function that takes the inputs as separate parameters. */
export function body(run: (tf: Tf, batch: number, ...inputs: Tensor[]) => Tensor[]): TfjsBody {
  return (tf, inputs, batch) => run(tf, batch, ...inputs);
}
