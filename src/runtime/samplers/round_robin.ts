import type { Sampler } from "./sampler.js";

export const round_robin: Sampler = {
  name: "round_robin",
  doc: "One source after the other, in the order in which they are declared.",
  example: "sampler: round_robin",
  parameters: [],
  deal({ rows, units }) {
    const filled = rows.flatMap((n, i) => (n > 0 ? [i] : []));
    const slots = units.reduce((a, n) => a + n, 0);
    return Int32Array.from({ length: slots }, (_, k) => filled[k % filled.length]!);
  },
};
