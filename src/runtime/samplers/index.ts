import { proportional } from "./proportional.js";
import { round_robin } from "./round_robin.js";
import type { Sampler } from "./sampler.js";
import { temperature } from "./temperature.js";
import { uniform } from "./uniform.js";
import { weighted } from "./weighted.js";

export type { Sampler } from "./sampler.js";

/** How rows of several data files are mixed. */
export const samplers: readonly Sampler[] = [proportional, uniform, temperature, round_robin, weighted];
