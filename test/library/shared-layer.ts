/** Tasks of which losses and gradients can be chosen, to look at what a balancer makes of them. */

export type Vector = readonly number[];

export interface Problem {
  /** Each task's gradient of its own loss by the shared weights. */
  readonly gradients: readonly Vector[];
  readonly losses?: Vector;
  readonly weights?: Vector;
}

export const name = (i: number) => "abcdefgh"[i]!;

/**
 * Tasks that share one layer without a bias and have a row each, whose label is missing in no row. From weights of 0
 * the squared error of task i has the loss y² and the gradient −2·y·x, so that both can be chosen.
 */
export function specOf(balance: string, { gradients, weights = [] }: Problem, train: string): string {
  const size = gradients[0]!.length;
  const tasks = gradients.map((_, i) => {
    const weight = weights[i] === undefined ? "" : `weight: ${weights[i]}`;
    return `task ${name(i)} { output = x${name(i)} |> trunk  label: float  loss: mse  ${weight} }`;
  });
  return `model Shared {
    ${gradients.map((_, i) => `input x${name(i)}: float[${size}]`).join("\n")}
    shared trunk = dense(1, use_bias: false, kernel_initializer: zeros)
    ${tasks.join("\n")}
  }
  train { ${train}  balance: ${balance}  batch: full }`;
}

export function dataOf({ gradients, losses = gradients.map(() => 1) }: Problem) {
  const labels = losses.map((loss) => -Math.sqrt(loss));
  return {
    inputs: Object.fromEntries(
      gradients.map((g, i) => [`x${name(i)}`, g.map((x) => x / (-2 * labels[i]!))] as const),
    ),
    labels: Object.fromEntries(labels.map((label, i) => [name(i), [label]] as const)),
  };
}

export const dot = (x: Vector, y: Vector) => x.reduce((sum, a, i) => sum + a * y[i]!, 0);
export const norm = (x: Vector) => Math.sqrt(dot(x, x));
export const times = (x: Vector, by: number) => x.map((a) => a * by);
export const plus = (...all: readonly Vector[]) => all.reduce((x, y) => x.map((a, i) => a + y[i]!));
