import { ops, type Value } from "../../tensor/index.js";
import type { LowerContext, Parameter, ShapeContext, WeightSpec } from "../entry.js";
import { flag, initializerOption, option, positive } from "../schemas.js";

/** What normalizing layers have in common: `gamma · normal + beta` along the last axis. */
export const affineParameters: readonly Parameter[] = [
  option("epsilon", positive, "What is added to the variance.", 0.001),
  option("center", flag, "Whether `beta` is added.", true),
  option("scale", flag, "Whether `gamma` is multiplied.", true),
  initializerOption("beta_initializer", "zeros", "How `beta` begins."),
  initializerOption("gamma_initializer", "ones", "How `gamma` begins."),
];

export function affineWeights({ options, inputs: [input] }: ShapeContext): WeightSpec[] {
  const shape = [input!.dims.at(-1)!];
  const gamma = { name: "gamma", shape, initializer: options.component("gamma_initializer")! };
  const beta = { name: "beta", shape, initializer: options.component("beta_initializer")! };
  return [...(options.boolean("scale") ? [gamma] : []), ...(options.boolean("center") ? [beta] : [])];
}

export function affine({ b, options, weight }: LowerContext, normal: Value): Value {
  const scaled = options.boolean("scale") ? ops.mul(b, normal, weight("gamma")) : normal;
  return options.boolean("center") ? ops.add(b, scaled, weight("beta")) : scaled;
}
