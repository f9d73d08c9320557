import { rangeOf, rangeOption, within, type Family } from "./family.js";

export const sinusoids: Family = {
  name: "sinusoids",
  doc: "y = amplitude · sin(x − phase) (Finn, Abbeel and Levine 2017, section 5.1).",
  example: "tasks: sinusoids",
  parameters: [
    rangeOption("amplitude", "From where to where amplitudes are drawn.", 0.1, 5),
    rangeOption("phase", "From where to where phases are drawn.", 0, Math.PI),
    rangeOption("x", "From where to where inputs are drawn.", -5, 5),
  ],
  draw(uniform, options) {
    const amplitude = within(uniform, rangeOf(options, "amplitude"));
    const phase = within(uniform, rangeOf(options, "phase"));
    return (x) => amplitude * Math.sin(x - phase);
  },
  domain: (options) => rangeOf(options, "x"),
};
