import type { BrokenItem } from "../../syntax/tree.js";
import { bindQuietly } from "./bind.js";
import type { Scope } from "./model.js";
import type { Resolution } from "./scope.js";

/** Names that broken items would have declared are known to be unknown: nothing is said of what depends on them. */
export function declareBroken(
  r: Resolution,
  scope: Scope,
  { broken }: { readonly broken: readonly BrokenItem[] },
): void {
  const { unread } = r;
  if (unread === undefined) return;
  for (const { name, pieces } of broken) {
    for (const piece of pieces) if (piece !== name) bindQuietly(r, scope, piece, unread);
    if (!name) continue;
    const definition = {
      role: "unknown",
      name: name.name,
      kind: "unknown",
      declaration: name,
      reported: unread,
    } as const;
    r.model.bind(name, definition);
    if (!scope.names.has(name.name)) scope.names.set(name.name, definition);
  }
}
