import type { OptionValues, PlainJson } from "../parameter.js";
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
  mentioned: (options) => [...sharesOf(options).keys()],
};

function shareOf(options: OptionValues, name: string): number {
  const share = sharesOf(options).get(name);
  return typeof share === "number" ? share : 0;
}

/** The option `shares`, by names of sources. */
function sharesOf({ shares }: OptionValues): ReadonlyMap<string, PlainJson> {
  if (typeof shares !== "object" || shares === null) throw new TypeError("option shares is not an object");
  return new Map(Object.entries(shares));
}
