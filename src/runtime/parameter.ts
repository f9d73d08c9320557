/** Plain JSON: what options and fitted states are made of, so that checkpoints can hold them. */
export type PlainJson =
  null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/** An option of a transform or metric, described for the compiler, the documentation and editors. */
export interface OptionParameter {
  readonly name: string;
  readonly doc: string;
  /** A JSON schema that a value has to fit. */
  readonly schema: { readonly [key: string]: PlainJson };
  readonly required: boolean;
  readonly default?: PlainJson;
}

/** The options of one use, by name; the compiler has checked them against their schemas. */
export type OptionValues = Readonly<Record<string, PlainJson>>;

/** The number that an option holds. Throws if there is none: the schema has not been checked then. */
export function numberOption(options: OptionValues, name: string): number {
  const value = options[name];
  if (typeof value !== "number") throw new TypeError(`option ${name} is not a number`);
  return value;
}
