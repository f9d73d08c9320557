import type { ComponentKind } from "./entry.js";
import { componentKinds, entriesOf, findEntry } from "./index.js";
import { plainName } from "./planned.js";

/** The hint for a name that another library gives to what is an entry of this kind here. */
export function otherNameHint(kind: ComponentKind, name: string): string | undefined {
  const plain = plainName(name);
  const here = componentKinds()
    .flatMap((other) => entriesOf(other))
    .find(
      (entry) => findEntry(kind, entry.name) && entry.elsewhere?.some((other) => plainName(other) === plain),
    );
  return here && `Here it is called \`${here.name}\`.`;
}
