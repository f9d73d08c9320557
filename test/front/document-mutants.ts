import type { Random } from "../fuzz/random.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where a value stands in a document: its container and its key there. */
interface Place {
  readonly container: Json[] | { [key: string]: Json };
  readonly key: string | number;
}

const strangers: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e300,
  0.5,
  2 ** 53,
  "",
  "constructor",
  "__proto__",
  "x",
  [],
  {},
  [[]],
  [1, 2],
  { name: "relu" },
  "dense",
  "relu",
  "adam",
  2 ** 31,
  -1e300,
  "NaN",
  "*",
  "x.*",
  "a/b",
  "validation.loss",
  "validation.x.loss",
  ["x"],
  [null],
  [0],
  { name: "relu", options: {} },
  { name: "sgd", options: { lr: 0.1 } },
  { name: "adam", options: {} },
];

function placesIn(value: Json, found: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    found.push(Array.isArray(value) ? { container: value, key: Number(key) } : { container: value, key });
    placesIn(inner, found);
  }
  return found;
}

const read = ({ container, key }: Place): Json => Reflect.get(container, key) as Json;

function write({ container, key }: Place, value: Json): void {
  // A key such as `__proto__` is one like any other in a file of JSON.
  Object.defineProperty(container, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A mutant of a model document, which a seed determines: values dropped, exchanged, or strange ones in their place. */
export function documentMutant(text: string, random: Random): string {
  const document = JSON.parse(text) as Json;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    const places = placesIn(document);
    if (places.length === 0) break;
    change(random.pick(places), places, random);
  }
  const result = JSON.stringify(document);
  // Now and then the text itself is broken.
  if (!random.chance(0.05)) return result;
  const at = random.int(0, result.length - 1);
  return result.slice(0, at) + random.pick(["", "{", "}", ",", '"', "é", "null"]) + result.slice(at + 1);
}

function change(place: Place, places: readonly Place[], random: Random): void {
  const { container, key } = place;
  const value = read(place);
  switch (random.int(0, 7)) {
    case 0:
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete container[key];
      return;
    case 1:
      return write(place, random.pick(strangers));
    case 2: {
      const other = random.pick(places);
      // Copies, so that no value holds itself.
      return write(place, structuredClone(read(other)));
    }
    case 3:
      if (Array.isArray(container)) container.push(structuredClone(value));
      else
        write({ container, key: random.pick(["constructor", "extra", "__proto__"]) }, structuredClone(value));
      return;
    case 4:
      // One that is like it: names, paths and columns that stand elsewhere, numbers of other settings.
      return write(place, structuredClone(read(random.pick(alike(value, places)))));
    case 5:
      if (Array.isArray(value) && value.length > 0) value.push(structuredClone(random.pick(value)));
      else renameAll(value, places);
      return;
    case 6:
      return write(place, typeof value === "number" ? value * random.pick([-1, 0, 2, 1.5, 1e9]) : [value]);
    default:
      return write(place, typeof value === "string" ? `${value}x` : random.pick(strangers));
  }
}

function alike(value: Json, places: readonly Place[]): readonly Place[] {
  return places.filter((place) => typeof read(place) === typeof value);
}

/** A name that changes wherever it stands, as an editor renames. */
function renameAll(value: Json, places: readonly Place[]): void {
  if (typeof value !== "string") return;
  for (const place of places) if (read(place) === value) write(place, `${value}x`);
}
