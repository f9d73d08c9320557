import { rangeOf, rangeOption, within, type Family } from "./family.js";

export const linear: Family = {
  name: "linear",
  doc: "y = slope · x + intercept.",
  example: "tasks: linear",
  parameters: [
    rangeOption("slope", "From where to where slopes are drawn.", -3, 3),
    rangeOption("intercept", "From where to where intercepts are drawn.", -3, 3),
    rangeOption("x", "From where to where inputs are drawn.", -5, 5),
  ],
  draw(uniform, options) {
    const slope = within(uniform, rangeOf(options, "slope"));
    const intercept = within(uniform, rangeOf(options, "intercept"));
    return (x) => slope * x + intercept;
  },
  domain: (options) => rangeOf(options, "x"),
};
