import type { OptionValues } from "../parameter.js";
import { DataError } from "./data-error.js";
import { each } from "./affine.js";
import { mean, median } from "./quantile.js";
import { fitted, presentValues, type Column, type Transform } from "./transform.js";

/** A value for what is missing. */
export const impute: Transform = {
  name: "impute",
  doc: "Puts a value where one is missing: the mean or the median of the training part, or a number of your own.",
  parameters: [
    {
      name: "with",
      doc: "`mean`, `median` or a number.",
      schema: { anyOf: [{ type: "number" }, { enum: ["mean", "median"] }] },
      required: true,
    },
  ],
  columns: "keeps",
  gaps: "fills",
  quantities: ["fill"],
  fit: (columns, options) => ({ fill: columns.map((column, i) => fillOf(column, i, options)) }),
  apply: (columns, state) => each(columns, (x, i) => (Number.isNaN(x) ? fitted(state, "fill", i) : x)),
  inverse: {
    kind: "identity",
    note: "Which values were missing is not kept; all others were never changed.",
  },
};

function fillOf(column: Column, index: number, options: OptionValues): number {
  const by = options["with"];
  if (typeof by === "number") return by;
  const values = presentValues(column);
  if (values.length === 0) {
    const message = `a column without any value has no ${by === "median" ? "median" : "mean"}`;
    throw new DataError(message, { transform: "impute", column: index });
  }
  return by === "median" ? median(values) : mean(values);
}
