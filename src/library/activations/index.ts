import type { ActivationEntry } from "../entry.js";
import { elu } from "./elu.js";
import { gelu } from "./gelu.js";
import { leakyRelu } from "./leaky_relu.js";
import { linear } from "./linear.js";
import { relu } from "./relu.js";
import { sigmoid } from "./sigmoid.js";
import { silu } from "./silu.js";
import { smoothStep } from "./smooth_step.js";
import { softmax } from "./softmax.js";
import { softplus } from "./softplus.js";
import { tanh } from "./tanh.js";

export const activations: readonly ActivationEntry[] = [
  elu,
  gelu,
  leakyRelu,
  linear,
  relu,
  sigmoid,
  silu,
  smoothStep,
  softmax,
  softplus,
  tanh,
];
