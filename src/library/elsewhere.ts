import type { ComponentKind } from "./entry.js";
import { componentKinds, entriesOf, findEntry } from "./index.js";
import { plainName } from "./planned.js";

/** What the library calls what another one has under this name, if it has it as an entry of this kind. */
export function calledHere(kind: ComponentKind, name: string): string | undefined {
  const plain = plainName(name);
  return componentKinds()
    .flatMap((other) => entriesOf(other))
    .find(
      (entry) => findEntry(kind, entry.name) && entry.elsewhere?.some((other) => plainName(other) === plain),
    )?.name;
}
