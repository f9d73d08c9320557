import { component } from "../declarations.js";
import { adam } from "../optimizers/adam.js";
import { fixed } from "./fixed.js";

/** The balancer that adds nothing to the sum of the losses. */
export const plainBalancer = component(fixed.name);

/** What moves those states of balancers that have an adam. */
export const stateOptimizer = component(adam.name);
