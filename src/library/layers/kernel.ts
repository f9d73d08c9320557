import type { Parameter, ShapeContext, WeightSpec } from "../entry.js";
import { flag, initializerOption, option, regularizerOption } from "../schemas.js";

/** What layers with a kernel and a bias have in common. */
export const kernelParameters: readonly Parameter[] = [
  option("use_bias", flag, "Whether a bias is added.", true),
  initializerOption("kernel_initializer", "glorot_uniform", "How the kernel begins."),
  initializerOption("bias_initializer", "zeros", "How the bias begins."),
  regularizerOption("kernel_regularizer", "What is added to the loss for the kernel."),
  regularizerOption("bias_regularizer", "What is added to the loss for the bias."),
];

/** The kernel of this shape, and a bias as long as its last axis. */
export function kernelWeights({ options }: ShapeContext, shape: readonly number[]): WeightSpec[] {
  const kernel = {
    name: "kernel",
    shape,
    initializer: options.component("kernel_initializer")!,
    regularizer: options.component("kernel_regularizer"),
  };
  const bias = {
    name: "bias",
    shape: [shape.at(-1)!],
    initializer: options.component("bias_initializer")!,
    regularizer: options.component("bias_regularizer"),
  };
  return options.boolean("use_bias") ? [kernel, bias] : [kernel];
}
