import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Rule } from "./rule.js";

/** A split has shares, or a column that says which part each row is in. */
export const split: Rule = ({ document: { data } }, places) => {
  if (!data) return [];
  const { by, train, validation, test } = data.split;
  const shares = Object.entries({ train, validation, test }).flatMap(([name, x]) =>
    x === null ? [] : [name],
  );
  const given = libraryEntry("split", by.name).deals === "given";
  const refuse = (reason: string, hint: string) => [
    diagnostic("NN7016", placeOf(places, "/data/split"), { reason }, { hint }),
  ];
  if (given && shares.length > 0) {
    const column = String(by.options["column"]);
    const listed = shares.map((name) => `\`${name}\``).join(", ");
    return refuse(
      `the column \`${column}\` says which rows are in which part, so there are no shares`,
      `Take ${listed} out of it: \`split: { by: column(${column}) }\`.`,
    );
  }
  return !given && train === null
    ? refuse("the train part needs a share", "Write `train: 0.8`, or leave `split` out.")
    : [];
};
