import { rangeOf, rangeOption, within, type Family } from "./family.js";

export const harmonics: Family = {
  name: "harmonics",
  doc: "y = a₁ · sin(ω·x + b₁) + a₂ · sin(2·ω·x + b₂): mixtures of a sine and its first harmonic, with amplitudes, phases and a frequency of their own in each task.",
  example: "tasks: harmonics",
  parameters: [
    rangeOption("amplitude", "From where to where each of the two amplitudes is drawn.", 0, 3),
    rangeOption("frequency", "From where to where ω is drawn.", 0.5, 1.5),
    rangeOption("x", "From where to where inputs are drawn.", -4, 4),
  ],
  draw(uniform, options) {
    const amplitude = () => within(uniform, rangeOf(options, "amplitude"));
    const phase = () => uniform() * 2 * Math.PI;
    const [first, second] = [amplitude(), amplitude()];
    const [b1, b2] = [phase(), phase()];
    const frequency = within(uniform, rangeOf(options, "frequency"));
    return (x) => first * Math.sin(frequency * x + b1) + second * Math.sin(2 * frequency * x + b2);
  },
  domain: (options) => rangeOf(options, "x"),
};
