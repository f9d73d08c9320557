import type { Operation, Program, TensorType, Value } from "./program.js";

/** The value of a key; throws where the map has none. */
export function lookup<K, V>(map: ReadonlyMap<K, V>, key: K | undefined): V {
  const value = key === undefined ? undefined : map.get(key);
  if (value === undefined) throw new Error(`nothing is known of ${String(key)}`);
  return value;
}

/** The first output of an operation; only loops have more. */
export function resultOf({ primitive, outputs: [result] }: Operation): Value {
  if (result === undefined) throw new Error(`${primitive} without a result`);
  return result;
}

/** The last of a list that must not be empty. */
export function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new Error("an empty list has no last item");
  return last;
}

export function typeOf({ types, name }: Program, { id }: Value): TensorType {
  const type = types[id];
  if (type === undefined) throw new Error(`program ${name} has no value %${id}`);
  return type;
}

/** Two lists of one length, item by item. */
export function pairs<L, R>(left: readonly L[], right: readonly R[]): (readonly [L, R])[] {
  if (left.length !== right.length) throw new Error(`${left.length} items beside ${right.length}`);
  return left.map((item, i) => [item, right[i]!]);
}
