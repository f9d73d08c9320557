import type { ComponentKind } from "./entry.js";

/**
 * Names known from other libraries that are not offered yet, each with what to write instead (empty where nothing does the
 * same). A message for such a name says so, and suggests no similar name.
 */
const planned: ReadonlyMap<ComponentKind, ReadonlyMap<string, string>> = new Map([
  [
    "layer",
    new Map([
      ["bidirectional", "`lstm` goes one way; a second input with the series reversed gives the other."],
      ["conv1d", "Write `reshape([time, 1, features]) |> conv2d(filters, [size, 1])`."],
      ["conv2d_transpose", ""],
      ["conv3d", ""],
      ["depthwise_conv2d", "`conv2d` is the convolution that there is."],
      ["global_avg_pool1d", "Write `reshape([time, 1, features]) |> global_avg_pool2d`."],
      ["global_max_pool2d", "Write `max_pool2d` with the image's own size, then `flatten`."],
      ["group_norm", "`layer_norm` needs no batch either."],
      ["gru", "Write `lstm`, the recurrent layer that there is."],
      ["max_pool1d", "Write `reshape([time, 1, features]) |> max_pool2d([2, 1])`."],
      ["rms_norm", "Write `layer_norm`."],
      ["rnn", "Write `lstm`, the recurrent layer that there is."],
      ["separable_conv2d", "`conv2d` is the convolution that there is."],
      ["spatial_dropout2d", "`dropout` drops single numbers."],
      ["time_distributed", "`dense` works on the last axis, at every step of a sequence."],
      ["up_sampling2d", ""],
      ["zero_padding2d", "`conv2d` pads by itself with `padding: same`."],
    ]),
  ],
  [
    "activation",
    new Map([
      ["hard_sigmoid", "`sigmoid` is near to it."],
      ["hard_silu", "`silu` is near to it."],
      ["mish", "`silu` is near to it."],
      ["prelu", "`leaky_relu(0.25)` has a fixed slope."],
      ["relu6", "Write `relu`."],
      ["selu", "`elu` is near to it."],
      ["softsign", "`tanh` is near to it."],
    ]),
  ],
  [
    "optimizer",
    new Map([
      ["adadelta", "`adam` adapts its rates too."],
      ["adagrad", "`adam` adapts its rates too."],
      ["adamax", "Write `adam`."],
      ["lamb", "Write `adamw`."],
      ["lion", "Write `adamw`."],
      ["nadam", "Write `adam`."],
      ["rmsprop", "`adam(beta_1: 0)` is rmsprop with a bias correction."],
    ]),
  ],
  [
    "loss",
    new Map([
      ["cosine_similarity", ""],
      ["focal", "`class_weights: balanced` helps rare classes too."],
      ["hinge", "Write `binary_crossentropy`."],
      ["kl_divergence", "`categorical_crossentropy` of shares has the same gradient."],
      ["log_cosh", "`huber` is near to it."],
      ["mape", "Write `mae` on a label with `|> log`."],
      ["msle", "Write `mse` on a label with `|> log1p`."],
      ["poisson", ""],
      ["quantile", "`mae` is the loss of the median."],
    ]),
  ],
  [
    "metric",
    new Map([
      ["mape", "`mae` is in the label's units."],
      ["mcc", "`f1` looks at both kinds of mistakes too."],
      ["pr_auc", "`auc` is the area under the ROC curve."],
      ["top_k_accuracy", "`accuracy` is that of the first one."],
    ]),
  ],
  [
    "schedule",
    new Map([
      ["cosine_restarts", "Write `cosine`."],
      ["one_cycle", "Write `cosine(peak: …, warmup: …)`."],
      ["piecewise", "Write `step`."],
      ["polynomial", "`cosine` ends at a floor too."],
    ]),
  ],
  [
    "initializer",
    new Map([
      ["lecun_normal", "`glorot_normal` is near to it."],
      ["lecun_uniform", "`glorot_uniform` is near to it."],
      ["truncated_normal", "Write `normal`."],
      ["variance_scaling", "`glorot_uniform`, `he_normal` and their kin are scaled by the shape."],
    ]),
  ],
  [
    "transform",
    new Map([
      ["box_cox", "`log` is the case of 0."],
      ["hash", ""],
      ["quantile_bins", ""],
      ["yeo_johnson", "`log1p` is the case of 0, for numbers from 0 up."],
    ]),
  ],
]);

/** A name without what libraries differ in: `GRU`, `gru`; `LayerNorm`, `layer_norm`. */
export function plainName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** What is written in place of a name that is still to come; undefined for any other name. */
export function plannedInstead(kind: ComponentKind, name: string): string | undefined {
  const plain = plainName(name);
  for (const [known, instead] of planned.get(kind) ?? []) if (plainName(known) === plain) return instead;
  return undefined;
}
