import { clip } from "./clip.js";
import { impute } from "./impute.js";
import { log } from "./log.js";
import { log1p } from "./log1p.js";
import { minMax } from "./min_max.js";
import { missingIndicator } from "./missing_indicator.js";
import { robust } from "./robust.js";
import { scale } from "./scale.js";
import { standardize } from "./standardize.js";
import type { Transform } from "./transform.js";

export { DataError } from "./data-error.js";
export type { Column, Reach, Transform, TransformState } from "./transform.js";

/** Every transform there is. */
export const transforms: readonly Transform[] = [
  standardize,
  minMax,
  robust,
  log,
  log1p,
  clip,
  scale,
  impute,
  missingIndicator,
];
