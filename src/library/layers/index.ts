import type { LayerEntry } from "../entry.js";
import { activationLayers } from "./activation.js";
import { add } from "./add.js";
import { avgPool2d } from "./avg_pool2d.js";
import { batchNorm } from "./batch_norm.js";
import { concat } from "./concat.js";
import { constant } from "./constant.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { detach } from "./detach.js";
import { divide } from "./divide.js";
import { dot } from "./dot.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { flatten } from "./flatten.js";
import { globalAvgPool2d } from "./global_avg_pool2d.js";
import { gradientReversal } from "./gradient_reversal.js";
import { last } from "./last.js";
import { layerNorm } from "./layer_norm.js";
import { lstm } from "./lstm.js";
import { maxPool2d } from "./max_pool2d.js";
import { mean } from "./mean.js";
import { multiHeadAttention } from "./multi_head_attention.js";
import { multiply } from "./multiply.js";
import { oneHot } from "./one_hot.js";
import { reshape } from "./reshape.js";
import { selector } from "./selector.js";
import { slice } from "./slice.js";
import { stack } from "./stack.js";
import { subtract } from "./subtract.js";
import { take } from "./take.js";
import { tiedDense } from "./tied_dense.js";
import { freeWeight } from "./weight.js";

export const layers: readonly LayerEntry[] = [
  add,
  avgPool2d,
  batchNorm,
  concat,
  constant,
  conv2d,
  dense,
  detach,
  divide,
  dot,
  dropout,
  embedding,
  flatten,
  freeWeight,
  globalAvgPool2d,
  gradientReversal,
  last,
  layerNorm,
  lstm,
  maxPool2d,
  mean,
  multiHeadAttention,
  multiply,
  oneHot,
  reshape,
  selector,
  slice,
  stack,
  subtract,
  take,
  tiedDense,
  ...activationLayers,
];
