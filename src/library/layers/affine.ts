import { ops, type Value } from "../../tensor/index.js";
import { initializerOption } from "../declarations.js";
import type { LowerContext, ShapeContext, WeightSpec } from "../kinds/layer.js";
import { option, type OptionsOf } from "../kinds/parameters.js";
import { flag, positive } from "../kinds/values.js";
import { dimensionAt } from "../sizes.js";

/** What normalizing layers have in common: `gamma · normal + beta` along the last axis. */
export const affineParameters = {
  epsilon: option(positive, "What is added to the variance.", 0.001),
  center: option(flag, "Whether `beta` is added.", true),
  scale: option(flag, "Whether `gamma` is multiplied.", true),
  beta_initializer: initializerOption("zeros", "How `beta` begins."),
  gamma_initializer: initializerOption("ones", "How `gamma` begins."),
} as const;

type Affine = OptionsOf<typeof affineParameters>;

type One = { readonly x: "one" };

export function affineWeights({ options, inputs: { x: input } }: ShapeContext<Affine, One>): WeightSpec[] {
  const shape = [dimensionAt(input.dims, -1)];
  const gamma = { name: "gamma", shape, initializer: options.gamma_initializer };
  const beta = { name: "beta", shape, initializer: options.beta_initializer };
  return [...(options.scale ? [gamma] : []), ...(options.center ? [beta] : [])];
}

export function affine({ b, options, weight }: LowerContext<Affine, One>, normal: Value): Value {
  const scaled = options.scale ? ops.mul(b, normal, weight("gamma")) : normal;
  return options.center ? ops.add(b, scaled, weight("beta")) : scaled;
}
