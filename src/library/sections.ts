import type { ObjectParameter, Parameter } from "./entry.js";
import { component, count, flag, nonNegative, option } from "./schemas.js";

/** The settings of each section, in the same terms as the options of a layer. */

export const taskSettings: readonly Parameter[] = [
  { kind: "component", of: "loss", name: "loss", doc: "What is made small." },
  { kind: "component", of: "metric", name: "metrics", list: true, doc: "What is reported.", default: [] },
  option("weight", nonNegative, "The static weight of the task's loss.", 1),
  option(
    "class_weights",
    {
      anyOf: [
        { const: null },
        { const: "balanced" },
        { type: "array", items: nonNegative, minItems: 2 },
        { type: "object", additionalProperties: nonNegative },
      ],
    },
    "`balanced`: rows / (classes · rows of the class); or one number a class.",
    null,
  ),
];

const optimizer: Parameter = {
  kind: "component",
  of: "optimizer",
  name: "optimizer",
  doc: "What moves the weights.",
  default: component("adam"),
};

const freezing: ObjectParameter = {
  kind: "object",
  name: "freeze",
  doc: "The epochs in which weights are kept as they are, both ends included.",
  parameters: [
    option("from", count, "The first frozen epoch; epochs count from 1.", 1),
    option(
      "until",
      { anyOf: [count, { const: null }] },
      "The last frozen epoch; to the end by default.",
      null,
    ),
  ],
};

export const trainSettings: readonly Parameter[] = [
  { ...optimizer, patterned: optimizer },
  option("epochs", count, "Passes over the training part.", 10),
  option("batch", { anyOf: [count, { const: "full" }] }, "Rows a step, or `full`.", 32),
  option("accumulate", count, "Batches whose gradients make one step.", 1),
  option("shuffle", flag, "Whether the rows are mixed anew in each epoch.", true),
  option(
    "seed",
    { type: "integer", minimum: 0, maximum: 2_147_483_647 },
    "Of the model's random numbers.",
    0,
  ),
  {
    kind: "path",
    name: "freeze",
    list: true,
    doc: "Weights that are kept as they begin.",
    default: [],
    patterned: freezing,
  },
  {
    kind: "component",
    of: "balancer",
    name: "balance",
    doc: "How the tasks' losses are put together.",
    default: component("fixed"),
  },
  { kind: "component", of: "clip", name: "clip", doc: "A bound on the gradients.", default: null },
  {
    kind: "component",
    of: "stopper",
    name: "stop",
    doc: "When to stop before the last epoch.",
    default: null,
  },
];

export const metaSettings: readonly Parameter[] = [
  { kind: "component", of: "algorithm", name: "algorithm", doc: "How it learns to learn." },
  {
    kind: "object",
    name: "episode",
    doc: "The sizes of an episode.",
    parameters: [
      option("ways", { anyOf: [count, { const: null }] }, "Classes in an episode.", null),
      option("support", count, "Rows to adapt on, a class where there are classes."),
      option("query", count, "Rows to be judged by, a class where there are classes."),
    ],
  },
  {
    kind: "component",
    of: "family",
    name: "tasks",
    doc: "A family of regression tasks, where they come from no file.",
    default: null,
  },
  option("tasks_per_step", count, "Tasks in a meta-step.", 1),
  {
    kind: "component",
    of: "optimizer",
    name: "optimizer",
    doc: "The outer optimizer.",
    default: component("adam"),
  },
  option("steps", { type: "integer", minimum: 1, maximum: 1_000_000_000 }, "Meta-steps.", 1000),
  option(
    "seed",
    { type: "integer", minimum: 0, maximum: 2_147_483_647 },
    "Of the model's random numbers.",
    0,
  ),
  { kind: "path", name: "adapt", list: true, doc: "The weights that adapt.", default: null },
  option(
    "norm",
    { enum: [null, "support", "running", "transductive"] },
    "Batch norm's statistics in episodes.",
    null,
  ),
  option("dropout", { enum: ["on", "off"] }, "Whether the inner steps drop.", "off"),
  { kind: "column", name: "task", doc: "The data file's column that names each row's task.", default: null },
];

const classNames = { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } };
const fileName = { type: "string", minLength: 1, maxLength: 4096 };
const part = { anyOf: [{ type: "number", minimum: 0, maximum: 1 }, { const: null }] };

export const dataSettings: readonly Parameter[] = [
  {
    ...option("from", fileName, "The data file, relative to the spec; `from NAME:` for each of several."),
    patterned: option("from", fileName, "One of several data files."),
  },
  {
    kind: "component",
    of: "sampler",
    name: "sampler",
    doc: "How rows of several data files are mixed.",
    default: component("proportional"),
  },
  option(
    "batches",
    { enum: ["mixed", "homogeneous"] },
    "Whether a batch holds rows of several data files, or of one.",
    "mixed",
  ),
  {
    ...option(
      "header",
      flag,
      "Whether the first line names the columns; otherwise they are `$1`, `$2`, …. `header NAME:` for one of several files.",
      true,
    ),
    patterned: option(
      "header",
      flag,
      "Whether the first line of one of several data files names its columns.",
    ),
  },
  option(
    "missing",
    { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
    "Cells that count as missing, besides empty ones, NA, NaN and null.",
    [],
  ),
  {
    kind: "object",
    name: "split",
    doc: "How the rows are dealt.",
    parameters: [
      option("train", part, "The share of the training part; none with `by: column`.", null),
      option("validation", part, "The share of the validation part.", null),
      option("test", part, "The share of the test part.", null),
      {
        kind: "component",
        of: "split",
        name: "by",
        doc: "By chance, or by a column.",
        default: component("random"),
      },
      option("seed", { type: "integer", minimum: 0, maximum: 2_147_483_647 }, "Of the split alone.", 0),
    ],
    default: { train: 0.8, validation: 0.1, test: 0.1, by: { name: "random", options: {} }, seed: 0 },
  },
  {
    kind: "columns",
    name: "row_weight",
    doc: "A weight for each row's losses; `row_weight TASK:` for one task's.",
    default: null,
    patterned: { kind: "columns", name: "row_weight", doc: "A weight for each row's loss of the task." },
  },
  {
    kind: "object",
    name: "classes",
    doc: "Three disjoint sets of classes for few-shot learning.",
    parameters: [
      { kind: "column", name: "from", doc: "The column of the class." },
      option("train", classNames, "Classes of meta-training."),
      option("validation", classNames, "Classes of meta-validation.", []),
      option("test", classNames, "Classes of meta-test.", []),
    ],
    default: null,
  },
];
