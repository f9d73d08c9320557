import type { BinaryOperator } from "../../syntax/tree.js";
import type { Constant } from "./values.js";

export function arithmetic(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

/** Items count from 0, and from the end below it. */
export function itemAt<T>(items: readonly T[], index: Constant): T | undefined {
  return typeof index === "number" && Number.isInteger(index) ? items.at(index) : undefined;
}
