import type { OptionValues } from "../parameter.js";
import { draw, onlyFilled } from "./draw.js";
import type { Sampler } from "./sampler.js";

export const weighted: Sampler = {
  name: "weighted",
  doc: "In the shares that it is given, one a source; they need not add up to 1.",
  example: "sampler: weighted({ films: 3, news: 1 })",
  parameters: [
    {
      name: "shares",
      doc: "A number for each source.",
      schema: { type: "object", additionalProperties: { type: "number", minimum: 0 } },
      required: true,
    },
  ],
  deal: (context) =>
    draw(
      context,
      onlyFilled(
        context.rows,
        context.names.map((name) => shareOf(context.options, name)),
      ),
    ),
  never: (names, options) => names.filter((name) => !(shareOf(options, name) > 0)),
  mentioned: (options) => Object.keys(sharesOf(options)),
};

function shareOf(options: OptionValues, name: string): number {
  const shares = sharesOf(options);
  return Object.hasOwn(shares, name) ? (shares[name] ?? 0) : 0;
}

function sharesOf(options: OptionValues): Readonly<Record<string, number>> {
  return options["shares"] as Readonly<Record<string, number>>;
}
