import { readJsonText } from "../document/json-places.js";
import { makeSource } from "../source/index.js";

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** How many keys the objects of a JSON text have, as it is written: a parsed object has those that are repeated once. */
export function keysInText(bytes: Uint8Array): number {
  const { length } = bytes;
  let keys = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    if (byte === COLON) keys++;
    if (byte !== QUOTE) continue;
    while (++i < length && bytes[i] !== QUOTE) if (bytes[i] === BACKSLASH) i++;
  }
  return keys;
}

/** The first item of a list of objects that has a key more than once; each is read by itself, as the text may be large. */
export function repeatedItem(bytes: Buffer): { readonly item: number; readonly key: string } {
  let depth = 0;
  let start = 0;
  let item = 0;
  for (let i = 0; i < bytes.length; i++) {
    const character = String.fromCharCode(bytes[i]!);
    if (character === '"') while (++i < bytes.length && bytes[i] !== QUOTE) if (bytes[i] === BACKSLASH) i++;
    if ("[{".includes(character) && ++depth === 2) start = i;
    if (!"]}".includes(character) || --depth !== 1) continue;
    item++;
    const read = readJsonText(makeSource("", bytes.subarray(start, i + 1).toString("utf8")));
    const [found] = "problem" in read ? [] : read.repeated;
    if (found) return { item, key: found.key };
  }
  throw new Error("more keys in the text than in its objects, and none is repeated");
}
