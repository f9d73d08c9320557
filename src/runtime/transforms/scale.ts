import { greatest, least } from "../extremes.js";
import { numberOption } from "../parameter.js";
import { each } from "./affine.js";
import type { Transform } from "./transform.js";

/** Another unit. */
export const scale: Transform = {
  name: "scale",
  doc: "Multiplies by a factor: `pixels |> scale(0.00392156862745098)`.",
  parameters: [
    {
      name: "factor",
      doc: "The factor; not 0, which could not be undone.",
      schema: { type: "number", not: { const: 0 } },
      required: true,
    },
  ],
  columns: "keeps",
  quantities: [],
  fit: () => ({}),
  apply: (columns, _, options) => {
    const factor = numberOption(options, "factor");
    return each(columns, (x) => x * factor);
  },
  reach: (before, options) => {
    const factor = numberOption(options, "factor");
    const ends = before && [before.low * factor, before.high * factor];
    return ends && { low: least(ends), high: greatest(ends) };
  },
  inverse: {
    kind: "exact",
    columns: (columns, _, options) => {
      const factor = numberOption(options, "factor");
      return each(columns, (x) => x / factor);
    },
  },
};
