import { initializerOption, regularizerOption } from "../declarations.js";
import type { WeightSpec } from "../kinds/layer.js";
import { option, type OptionsOf } from "../kinds/parameters.js";
import { flag } from "../kinds/values.js";
import { dimensionAt } from "../sizes.js";

/** What layers with a kernel and a bias have in common. */
export const kernelParameters = {
  use_bias: option(flag, "Whether a bias is added.", true),
  kernel_initializer: initializerOption("glorot_uniform", "How the kernel begins."),
  bias_initializer: initializerOption("zeros", "How the bias begins."),
  kernel_regularizer: regularizerOption("What is added to the loss for the kernel."),
  bias_regularizer: regularizerOption("What is added to the loss for the bias."),
} as const;

/** The kernel of this shape, and a bias as long as its last axis. */
export function kernelWeights(
  options: OptionsOf<typeof kernelParameters>,
  shape: readonly number[],
): WeightSpec[] {
  const kernel = {
    name: "kernel",
    shape,
    initializer: options.kernel_initializer,
    regularizer: options.kernel_regularizer,
  };
  const bias = {
    name: "bias",
    shape: [dimensionAt(shape, -1)],
    initializer: options.bias_initializer,
    regularizer: options.bias_regularizer,
  };
  return options.use_bias ? [kernel, bias] : [kernel];
}
