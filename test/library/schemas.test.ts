import { Ajv } from "ajv";
import { expect, test } from "vitest";
import type { Json, JsonSchema, Parameter } from "../../src/library/entry.js";
import { componentKinds, entriesOf } from "../../src/library/index.js";
import { fitsSchema } from "../../src/library/schema.js";
import { sections } from "../../src/library/sections.js";

/** Every schema of an option or a setting, also of those within others. */
function schemasOf(parameters: readonly Parameter[]): JsonSchema[] {
  return parameters.flatMap((parameter) => {
    const inner = "parameters" in parameter ? schemasOf(parameter.parameters) : [];
    const patterned = parameter.patterned ? schemasOf([parameter.patterned]) : [];
    const own = "schema" in parameter ? [parameter.schema] : [];
    const plain = "plain" in parameter && parameter.plain ? [parameter.plain] : [];
    return [...own, ...plain, ...inner, ...patterned];
  });
}

const numbers = [
  -2,
  -1,
  -0,
  0,
  1e-9,
  0.5,
  0.999,
  1,
  1.5,
  2,
  3,
  65,
  1e6,
  1e6 + 1,
  2 ** 31,
  1e21,
  NaN,
  Infinity,
];
const texts = ["", "a", "same", "valid", "balanced", "mean", "😀", "x".repeat(300)];
const scalars: readonly Json[] = [...numbers, ...texts, true, false, null];
const lists = [[], [1], [1, 2], [1, 2, 3], [0.5, 0.5], ["a", "b"], [[1, 2]], [-1, null], Array(70).fill(1)];
const values: readonly Json[] = [...scalars, ...lists, {}, { a: 1, b: 2 }, { a: -1 }, { a: "b" }, { a: [1] }];

test("every schema of the library takes what ajv takes by it", () => {
  const entries = componentKinds().flatMap((kind) => entriesOf(kind));
  const schemas = new Set([...entries, ...sections].flatMap(({ parameters }) => schemasOf(parameters)));
  expect(schemas.size).toBeGreaterThan(50);
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false });
  for (const schema of schemas) {
    const validate = ajv.compile(schema);
    const enumerated = Array.isArray(schema["enum"]) ? schema["enum"] : [];
    for (const value of [...values, ...enumerated])
      expect([schema, value, fitsSchema(schema, value)]).toEqual([schema, value, validate(value)]);
  }
});
