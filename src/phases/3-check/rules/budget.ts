import { diagnostic } from "../../../diagnostics/index.js";
import { costs } from "../../../document/costs.js";
import { placeOf } from "../../../document/places.js";
import { flopsOf } from "../../5-lower/flops.js";
import type { Rule } from "./rule.js";

/** The model costs no more than its budget says. */
export const budget: Rule = (subject, places) => {
  if (subject.budget.length === 0) return [];
  const actual = costs(subject);
  const flops = subject.budget.some((limit) => limit.quantity === "flops") ? flopsOf(subject) : 0;
  const quantities = { ...actual, flops };
  return subject.budget.flatMap((limit, i) => {
    const value = quantities[limit.quantity as "parameters" | "weights" | "layers" | "flops"];
    if (holds(value, limit.comparison, limit.value)) return [];
    if (subject.incomplete && !limit.comparison.startsWith("<")) return [];
    const [shown, bound] = [value, limit.value].map((n) => n.toLocaleString("en-US"));
    const parameters = {
      quantity: limit.quantity,
      actual: shown!,
      comparison: limit.comparison,
      limit: bound!,
    };
    const largest = actual.largest
      .slice(0, 3)
      .map((w) => `\`${w.path}\` has ${w.size.toLocaleString("en-US")}`);
    const hint =
      largest.length > 0 && limit.quantity !== "flops"
        ? `The largest weights: ${largest.join(", ")}.`
        : undefined;
    return [diagnostic("NN5004", placeOf(places, `/budget/${i}`), parameters, { hint })];
  });
};

function holds(value: number, comparison: string, limit: number): boolean {
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
