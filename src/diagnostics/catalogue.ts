import type { CodeEntry } from "./define.js";
import { syntaxCodes } from "./codes/1-syntax.js";
import { nameCodes } from "./codes/2-names.js";
import { shapeCodes } from "./codes/3-shapes.js";
import { taskCodes } from "./codes/4-tasks.js";
import { trainingCodes } from "./codes/5-training.js";
import { targetCodes } from "./codes/6-targets.js";
import { dataCodes } from "./codes/7-data.js";
import { mappingCodes } from "./codes/7-mappings.js";
import { episodeCodes } from "./codes/7-episodes.js";
import { sourceCodes } from "./codes/7-sources.js";

/** Every code that nnc can print. Codes are stable: a retired one is never used again. */
export const catalogue = {
  ...syntaxCodes,
  ...nameCodes,
  ...shapeCodes,
  ...taskCodes,
  ...trainingCodes,
  ...targetCodes,
  ...dataCodes,
  ...mappingCodes,
  ...sourceCodes,
  ...episodeCodes,
} as const;

export type Code = keyof typeof catalogue;

export type ParametersOf<C extends Code> = (typeof catalogue)[C] extends CodeEntry<infer P> ? P : never;
