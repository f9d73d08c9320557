import type { Span } from "../source/index.js";

/** Where each part of a model document was written, by JSON pointer; `""` is the whole. */
export type Places = Pick<ReadonlyMap<string, Span>, "get" | "has">;

/** A key as a part of a JSON pointer (RFC 6901, section 3). */
export function pointerKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The place of a pointer, or of the nearest part around it. */
export function placeOf(places: Places, pointer: string): Span {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = places.get(at);
    if (found) return found;
    if (at === "") throw new Error("a document without a place");
  }
}
