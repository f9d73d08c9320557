import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { LimitDocument } from "../../../document/types.js";
import { flopsOf } from "../../../model/flops.js";
import type { Rule, Subject } from "./rule.js";

/** The model costs no more than its budget says. */
export const budget: Rule = (model, places) =>
  model.document.budget.flatMap((limit, i) => {
    const value = amountOf(model, limit.quantity);
    if (holds(value, limit.comparison, limit.value)) return [];
    if (model.document.incomplete && !limit.comparison.startsWith("<")) return [];
    const show = (n: number) => n.toLocaleString("en-US");
    const parameters = {
      quantity: limit.quantity,
      actual: show(value),
      comparison: limit.comparison,
      limit: show(limit.value),
    };
    const largest = model.costs.largest.slice(0, 3).map((w) => `\`${w.path}\` has ${show(w.size)}`);
    const hint =
      largest.length > 0 && (limit.quantity === "parameters" || limit.quantity === "weights")
        ? `The largest weights: ${largest.join(", ")}.`
        : undefined;
    return [diagnostic("NN5004", placeOf(places, `/budget/${i}`), parameters, { hint })];
  });

function amountOf(model: Subject, quantity: LimitDocument["quantity"]): number {
  return quantity === "flops" ? flopsOf(model) : model.costs[quantity];
}

function holds(value: number, comparison: LimitDocument["comparison"], limit: number): boolean {
  switch (comparison) {
    case "<=":
      return value <= limit;
    case "<":
      return value < limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
    default:
      return value === limit;
  }
}
