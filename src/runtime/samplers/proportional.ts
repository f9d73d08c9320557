import type { Sampler } from "./sampler.js";

export const proportional: Sampler = {
  name: "proportional",
  doc: "Every row once in an epoch: a source counts as much as it has rows.",
  example: "sampler: proportional",
  parameters: [],
  deal({ units, uniform, shuffle }) {
    const dealt = Int32Array.from(units.flatMap((count, i) => Array<number>(count).fill(i)));
    if (!shuffle) return dealt;
    const drawn = uniform(dealt.length);
    for (let i = dealt.length - 1; i > 0; i--) {
      const j = Math.floor(drawn[i]! * (i + 1));
      [dealt[i], dealt[j]] = [dealt[j]!, dealt[i]!];
    }
    return dealt;
  },
};
