import { component } from "../declarations.js";
import { adam } from "../optimizers/adam.js";
import { fixed } from "./fixed.js";

/** The balancer that weighs losses by their static weights alone. */
export const plainBalancer = component(fixed.name);

/** The optimizer of those balancer states that are trained (`BalancerState.adam`). */
export const stateOptimizer = component(adam.name);
