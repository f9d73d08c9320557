import { samplers as runtimeSamplers, type Sampler } from "../runtime/samplers/index.js";
import type { Entry } from "./entry.js";
import { runtimeParameter } from "./runtime-parameter.js";

export interface SamplerEntry extends Entry {
  readonly kind: "sampler";
  readonly sampler: Sampler;
}

/** The runtime's samplers, as entries of the library. */
export const samplers: readonly SamplerEntry[] = runtimeSamplers.map((sampler) => ({
  kind: "sampler",
  name: sampler.name,
  doc: sampler.doc,
  example: sampler.example,
  parameters: sampler.parameters.map(runtimeParameter),
  sampler,
}));
