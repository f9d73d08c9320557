import type { ComponentKind } from "./entry.js";

/** Names of the field that are settled and still to come: using one is answered with that, not with a guess. */
const names: Readonly<Partial<Record<ComponentKind, readonly string[]>>> = {
  layer: [
    "bidirectional",
    "conv1d",
    "conv2d_transpose",
    "conv3d",
    "depthwise_conv2d",
    "global_avg_pool1d",
    "global_max_pool2d",
    "group_norm",
    "gru",
    "max_pool1d",
    "rms_norm",
    "rnn",
    "separable_conv2d",
    "spatial_dropout2d",
    "time_distributed",
    "up_sampling2d",
    "zero_padding2d",
  ],
  activation: ["hard_sigmoid", "hard_silu", "mish", "prelu", "relu6", "selu", "softsign"],
  optimizer: ["adadelta", "adagrad", "adamax", "lamb", "lion", "nadam", "rmsprop"],
  loss: [
    "cosine_similarity",
    "focal",
    "hinge",
    "kl_divergence",
    "log_cosh",
    "mape",
    "msle",
    "poisson",
    "quantile",
  ],
  metric: ["mape", "mcc", "pr_auc", "top_k_accuracy"],
  schedule: ["cosine_restarts", "one_cycle", "piecewise", "polynomial"],
  initializer: ["lecun_normal", "lecun_uniform", "truncated_normal", "variance_scaling"],
  transform: ["box_cox", "hash", "quantile_bins", "yeo_johnson"],
};

export function isPlanned(kind: ComponentKind, name: string): boolean {
  return names[kind]?.includes(name) ?? false;
}
