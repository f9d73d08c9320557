import { simplify, type Builder, type Program } from "../../tensor/index.js";

/** A record whose values are made when they are first read. */
export function lazily<P>(makers: { readonly [K in keyof P]: () => Program }): P {
  const made = new Map<string, Program>();
  // The loop defines a property for each maker, which makes the record a P; TypeScript cannot see that.
  const record = {} as P;
  for (const [key, make] of Object.entries<() => Program>(makers)) {
    const get = () => {
      const program = made.get(key) ?? make();
      made.set(key, program);
      return program;
    };
    Object.defineProperty(record, key, { enumerable: true, get });
  }
  return record;
}

export function finish(b: Builder): Program {
  return simplify(b.build());
}
