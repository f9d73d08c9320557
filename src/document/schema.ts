import type { ComponentKind, Json, JsonSchema, Parameter } from "../library/entry.js";
import { componentKinds, entriesOf } from "../library/index.js";
import { DOCUMENT_VERSION } from "./version.js";
import { episodeSettings } from "../library/sections.js";

const text: JsonSchema = { type: "string" };
const name: JsonSchema = {
  type: "string",
  pattern: "^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$",
  maxLength: 1000,
};
const path: JsonSchema = {
  type: "string",
  pattern: "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$",
  maxLength: 10_000,
};
const pattern: JsonSchema = {
  type: "string",
  pattern: "^([A-Za-z_][A-Za-z0-9_]*|\\*)(\\.([A-Za-z_][A-Za-z0-9_]*|\\*))*$",
};
const reference: JsonSchema = { type: "string", maxLength: 10_000 };
const dims: JsonSchema = {
  type: "array",
  items: { type: "integer", minimum: 1, maximum: 2_147_483_647 },
  maxItems: 16,
};
const share: JsonSchema = { type: "number", minimum: 0, maximum: 1 };
const positive: JsonSchema = { type: "integer", minimum: 1 };

function object(properties: Record<string, Json>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

function list(items: Json): JsonSchema {
  return { type: "array", items };
}

function ref(kind: string): JsonSchema {
  return { $ref: `#/definitions/${kind}` };
}

function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [{ type: "null" }, schema] };
}

/** The schema of one parameter's value. */
function parameterSchema(parameter: Parameter): JsonSchema {
  switch (parameter.kind) {
    case "option":
      return parameter.schema;
    case "component": {
      const one = parameter.of === "layer" ? text : ref(parameter.of);
      const value = parameter.list ? list(one) : parameter.plain ? { anyOf: [parameter.plain, one] } : one;
      return parameter.default === null ? nullable(value) : value;
    }
    case "path": {
      const value = parameter.list ? list(pattern) : text;
      return parameter.default === null ? nullable(value) : value;
    }
    case "value":
    case "column":
      return parameter.default === null ? nullable(text) : text;
    case "object": {
      const value = optionsSchema(parameter.parameters);
      return parameter.default === null ? nullable(value) : value;
    }
    default:
      return {};
  }
}

/** An object of options: those without a default are required, no other is allowed. */
function optionsSchema(parameters: readonly Parameter[]): JsonSchema {
  const options = parameters.filter((p) => p.kind !== "tensor" && p.kind !== "tensors");
  const properties = Object.fromEntries(
    options.map((p): [string, Json] => [p.name, { description: p.doc, ...parameterSchema(p) }]),
  );
  return object(
    properties,
    options.filter((p) => "default" in p).map((p) => p.name),
  );
}

function componentSchema(kind: ComponentKind): JsonSchema {
  return {
    type: "object",
    discriminator: { propertyName: "name" },
    oneOf: entriesOf(kind).map((entry) => ({
      ...object({ name: { const: entry.name }, options: optionsSchema(entry.parameters) }),
      description: entry.doc,
    })),
  };
}

function nodeSchema(): JsonSchema {
  return {
    type: "object",
    discriminator: { propertyName: "layer" },
    oneOf: entriesOf("layer").map((entry) => ({
      ...object({
        id: reference,
        layer: { const: entry.name },
        inputs: list(reference),
        options: optionsSchema(entry.parameters),
        weights: { type: "object", additionalProperties: path },
        state: { type: "object", additionalProperties: path },
        type: ref("value"),
      }),
      description: entry.doc,
    })),
  };
}

const classes = object({ count: { type: "integer", minimum: 2 }, names: list(text) }, ["names"]);

function definitions(): Record<string, Json> {
  const kinds = componentKinds().filter((kind) => kind !== "layer");
  return {
    ...Object.fromEntries(kinds.map((kind) => [kind, componentSchema(kind)])),
    node: nodeSchema(),
    type: object(
      {
        base: { enum: ["float", "int", "binary", "category"] },
        dims,
        classes: { type: "integer", minimum: 2, maximum: 100_000_000 },
        names: { type: "array", items: text, minItems: 2, uniqueItems: true },
        optional: { type: "boolean" },
      },
      ["classes", "names", "optional"],
    ),
    value: object({ dtype: { enum: ["float", "int"] }, dims, batched: { type: "boolean" }, classes }, [
      "classes",
    ]),
    task: object(
      {
        name,
        doc: text,
        output: reference,
        label: ref("type"),
        loss: ref("loss"),
        metrics: list(ref("metric")),
        weight: { type: "number", minimum: 0 },
        class_weights: {
          anyOf: [{ type: "null" }, { const: "balanced" }, list({ type: "number", minimum: 0 })],
        },
      },
      ["doc"],
    ),
    train: object(
      {
        name,
        optimizers: {
          ...list(object({ pattern: nullable(pattern), optimizer: ref("optimizer") })),
          minItems: 1,
        },
        freeze: list(pattern),
        freezing: list(object({ pattern, from: positive, until: nullable(positive) })),
        balance: ref("balancer"),
        clip: nullable(ref("clip")),
        stop: nullable(ref("stopper")),
        epochs: positive,
        batch: { anyOf: [positive, { const: "full" }] },
        accumulate: positive,
        shuffle: { type: "boolean" },
        seed: { type: "integer", minimum: 0, maximum: 2_147_483_647 },
        on_divergence: { enum: ["stop", "continue"] },
      },
      ["on_divergence"],
    ),
    mapping: object({
      name,
      source: nullable(name),
      columns: { ...list({ anyOf: [text, object({ first: text, last: text })] }), minItems: 1 },
      transforms: list(ref("transform")),
    }),
    source: object({
      name: nullable(name),
      from: { type: "string", minLength: 1, maxLength: 4096 },
      header: { type: "boolean" },
    }),
    data: object({
      sources: { ...list(ref("source")), minItems: 1, maxItems: 1000 },
      sampler: ref("sampler"),
      batches: { enum: ["mixed", "homogeneous"] },
      missing: list(text),
      mappings: list(ref("mapping")),
      row_weights: list(object({ task: nullable(name), source: nullable(name), column: text })),
      classes: nullable(object({ from: text, train: list(text), validation: list(text), test: list(text) })),
      split: object({
        train: nullable(share),
        validation: nullable(share),
        test: nullable(share),
        by: ref("split"),
        seed: { type: "integer", minimum: 0, maximum: 2_147_483_647 },
      }),
    }),
    meta: object({
      algorithm: ref("algorithm"),
      settings: optionsSchema(episodeSettings),
    }),
    limit: object({
      quantity: { enum: ["parameters", "weights", "layers", "flops"] },
      comparison: { enum: ["<=", "<", ">=", ">", "=="] },
      value: { type: "number" },
    }),
  };
}

/** The JSON schema of a model document, made from the library. */
export function modelSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A model document of nnspec",
    ...object(
      {
        nnspec: { const: DOCUMENT_VERSION },
        name,
        doc: text,
        inputs: list(object({ name, doc: text, type: ref("type") }, ["doc"])),
        nodes: { ...list(ref("node")), maxItems: 100_000 },
        tasks: { ...list(ref("task")), minItems: 1 },
        train: { ...list(ref("train")), minItems: 1 },
        meta: ref("meta"),
        data: ref("data"),
        budget: list(ref("limit")),
      },
      ["doc", "meta", "data"],
    ),
    definitions: definitions(),
  };
}
