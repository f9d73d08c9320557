import { didYouMean, type Reported } from "../../diagnostics/index.js";
import type { ComponentKind } from "../../library/entry.js";
import { entriesOf } from "../../library/index.js";
import { isPlanned } from "../../library/planned.js";
import type { Identifier } from "../../syntax/tree.js";
import { label } from "./misfits.js";
import type { Resolution } from "./scope.js";

export function reportUnknownComponent(
  r: Resolution,
  kind: ComponentKind,
  { name, span }: Identifier,
): Reported {
  if (isPlanned(kind, name)) return r.report.give("NN5006", span, { what: label(kind), name });
  const names = entriesOf(kind).map((entry) => entry.name);
  const hint = () => didYouMean(name, names) ?? `There is ${names.map((n) => `\`${n}\``).join(", ")}.`;
  return r.report.give("NN2020", span, { kind: label(kind), name }, { hint });
}
