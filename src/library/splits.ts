import { component } from "./declarations.js";
import type { Component } from "./kinds/component.js";
import { column } from "./kinds/parameters.js";
import { defineSplit, type SplitEntry } from "./kinds/split.js";

const ofFile = column("A column of the data file.");

/** A split that keeps rows with the same value of a column in one part. */
export function keptTogether(of: string): Component {
  const together = splits.find(({ deals }) => deals === "together");
  if (!together) throw new Error("the library keeps no rows together");
  return component(together.name, { column: of });
}

/** How rows are dealt to training, validation and test. */
export const splits: readonly SplitEntry[] = [
  defineSplit({
    name: "random",
    deals: "chance",
    doc: "Every row by chance.",
    example: "split: { train: 0.8, test: 0.2, by: random }",
    parameters: {},
  }),
  defineSplit({
    name: "stratify",
    deals: "evenly",
    doc: "By chance, with the shares kept over all and within each value of the column, each within one row.",
    example: "split: { train: 0.8, test: 0.2, by: stratify(column) }",
    parameters: { column: ofFile },
  }),
  defineSplit({
    name: "group",
    deals: "together",
    doc: "Rows of one value of the column stay together.",
    example: "split: { train: 0.8, test: 0.2, by: group(column) }",
    parameters: { column: ofFile },
  }),
  defineSplit({
    name: "time",
    deals: "order",
    doc: "The column in ascending order, numbers or ISO 8601 dates: training first, test last.",
    example: "split: { train: 0.8, test: 0.2, by: time(column) }",
    parameters: { column: ofFile },
  }),
  defineSplit({
    name: "column",
    deals: "given",
    doc: "The column says `train`, `validation` or `test`; there are no shares.",
    example: "split: { by: column(column) }",
    parameters: { column: ofFile },
  }),
];
