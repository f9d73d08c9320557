import type { Family } from "./family.js";
import { harmonics } from "./harmonics.js";
import { linear } from "./linear.js";
import { sinusoids } from "./sinusoids.js";

export type { Family, Uniform } from "./family.js";

/** Families of regression tasks to learn to learn on. */
export const families: readonly Family[] = [sinusoids, linear, harmonics];
