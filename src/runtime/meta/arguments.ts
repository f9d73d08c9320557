import { callback, checkOptions, flag, seed, signal, whole, type OptionsTaken } from "../arguments.js";
import { isObject } from "../words.js";
import type { AdaptOptions, MetaEvaluateOptions, MetaFitOptions, MetaValidation } from "./api.js";

/** The options of the calls of a model that learns to learn, by their names. */
export const metaOptionsOf = {
  metaFit: {
    steps: whole(0),
    resume: flag,
    draw: callback,
    validation: { takes: "`{ draw, episodes, every }`", is: isObject },
    signal,
    onStep: callback,
  } satisfies OptionsTaken<MetaFitOptions>,
  validation: {
    draw: callback,
    episodes: whole(1),
    every: whole(1),
  } satisfies OptionsTaken<MetaValidation>,
  metaEvaluate: {
    steps: whole(0),
    episodes: whole(1),
    draw: callback,
    seed,
  } satisfies OptionsTaken<MetaEvaluateOptions>,
  adapt: { steps: whole(0) } satisfies OptionsTaken<AdaptOptions>,
};

/** Checks the options of `metaFit`, and those of its validation. */
export function checkMetaFit(options: MetaFitOptions): void {
  checkOptions("metaFit", metaOptionsOf.metaFit, options);
  if (options.validation) checkOptions("metaFit's validation", metaOptionsOf.validation, options.validation);
}
