import { fillsGaps } from "../../runtime/transforms/chain.js";
import { columnNames, labelColumns } from "../../runtime/measures.js";
import { partialInputs } from "../../runtime/raw-data.js";
import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "../../runtime/descriptor.js";
import { docComment, propertyName, stringLiteral } from "./literals.js";

/** The doc comments of a spec by the name of the input or task. */
export type Docs = ReadonlyMap<string, string>;

/** The types of a model's inputs, labels, rows and predictions. */
export function printTypes(descriptor: ModelDescriptor, docs: Docs): string {
  const { inputs, tasks } = descriptor;
  const partial = partialInputs(descriptor);
  const mark = (name: string) => (partial.has(name) ? "?" : "");
  const member = (name: string, type: string, optional = "") => {
    const doc = docs.get(name);
    return `${doc === undefined ? "" : docComment(doc, "  ")}  ${propertyName(name)}${optional}: ${type};`;
  };
  const waits = (task: TaskDescriptor) => (task.inputs?.some((name) => partial.has(name)) ? "?" : "");
  return [
    block(
      "Inputs",
      "Raw values of each input, row by row.",
      inputs.map((i) => member(i.name, inputType(i, partial.has(i.name)), mark(i.name))),
    ),
    labelsBlock(tasks, member),
    printRow(descriptor),
    block(
      "Predictions",
      "What each task predicts, in original units and class names.",
      tasks.map((t) => member(t.name, predictionType(t), waits(t))),
    ),
    block(
      "RowPredictions",
      "What each task predicts for one row.",
      tasks.map((t) => member(t.name, rowPredictionType(t), waits(t))),
    ),
    block(
      "Losses",
      "Each task's loss; null where no row has a label.",
      tasks.map((t) => `  ${propertyName(t.name)}: number | null;`),
    ),
    block(
      "Metrics",
      "Each task's metrics, in original units; null where one has no value.",
      tasks.map((t) => `  ${propertyName(t.name)}: ${metricsType(t)};`),
    ),
    typesBlock(descriptor),
  ].join("\n");
}

function labelsBlock(
  tasks: readonly TaskDescriptor[],
  member: (name: string, type: string) => string,
): string {
  const members = tasks.map((t) => member(t.name, labelType(t)));
  return block("Labels", "Labels of each task, row by row.", members);
}

function block(name: string, doc: string, members: readonly string[]): string {
  return `${docComment(doc)}export interface ${name} {\n${members.join("\n")}\n}\n`;
}

function typesBlock({ sources }: ModelDescriptor): string {
  return `${docComment("What TypeScript knows of this model.")}export interface Types {\n  inputs: Inputs;\n  labels: Labels;\n  row: Row;\n  labelledRow: LabelledRow;\n  predictions: Predictions;\n  rowPredictions: RowPredictions;\n  losses: Losses;\n  metrics: Metrics;\n  sources: ${sourcesType(sources)};\n}\n`;
}

function sourcesType(sources: ModelDescriptor["sources"]): string {
  return sources.length === 0 ? "never" : sources.map(({ name }) => stringLiteral(name)).join(" | ");
}

function imputes(field: FieldDescriptor): boolean {
  return fillsGaps(field.transforms.map((t) => t.name));
}

function isClass(field: FieldDescriptor): boolean {
  return field.kind === "category" || field.kind === "binary";
}

/** One value of a field: a number, or a class by name or index. */
function cellType(field: FieldDescriptor, nullable: boolean): string {
  const names = field.names?.map(stringLiteral) ?? [];
  const plain =
    field.kind === "binary"
      ? [...names, "number", "boolean"]
      : isClass(field)
        ? [...names, "number"]
        : ["number"];
  return [...plain, ...(nullable ? ["null"] : [])].join(" | ");
}

function depth(field: FieldDescriptor): number {
  return field.dims.length;
}

function rowsType(field: FieldDescriptor, nullable: boolean): string {
  const rows = isClass(field) ? "ClassRows" : "NumberRows";
  const cell = cellType(field, nullable);
  return cell === "number" ? `${rows}<${depth(field)}>` : `${rows}<${depth(field)}, ${cell}>`;
}

function inputType(field: FieldDescriptor, partial: boolean): string {
  const rows = rowsType(field, imputes(field));
  return partial ? `SomeRows<${rows}>` : rows;
}

/** The type of a task's labels; in an optional label with dimensions whole rows and single elements may be missing. */
function labelType(task: TaskDescriptor): string {
  const rows = rowsType(task, task.optional);
  return task.optional && depth(task) > 0 ? `SomeRows<${rows}>` : rows;
}

function rowCellType(field: FieldDescriptor, nullable: boolean): string {
  const cell = cellType(field, nullable);
  return depth(field) === 0 ? cell : `NumberRows<${depth(field) - 1}${cell === "number" ? "" : `, ${cell}`}>`;
}

/** The types of one raw row, without and with labels: by the names of the spec, and by columns where all of them have names. */
function printRow(descriptor: ModelDescriptor): string {
  const { inputs, tasks } = descriptor;
  const partial = partialInputs(descriptor);
  const byName = inputs.map((i) => member(i.name, rowCellType(i, imputes(i)), partial.has(i.name)));
  const byTask = tasks.map((t) => member(t.name, rowCellType(t, t.optional), t.optional));
  const columns = membersByColumn(inputs, (input) => ({ nullable: imputes(input), mayMiss: false }));
  const labelColumns =
    columns && membersByColumn(tasks, ({ optional }) => ({ nullable: optional, mayMiss: optional }));
  const rows = columns ? ["RowByInput", "RowByColumn"] : ["RowByInput"];
  const labels = labelColumns ? ["LabelsByTask", "LabelsByColumn"] : ["LabelsByTask"];
  return [
    block("RowByInput", "One raw row, by the names of the inputs.", byName),
    columns && block("RowByColumn", "One raw row, by the columns of the data section.", columns),
    block("LabelsByTask", "The labels of one row, by the names of the tasks.", byTask),
    labelColumns &&
      block("LabelsByColumn", "The labels of one row, by the columns of the data section.", labelColumns),
    `export type Row = ${rows.join(" | ")};\n`,
    `${docComment("One raw row to train on.")}export type LabelledRow = Row & ${oneOf(labels)}${besideLabels(descriptor)};\n`,
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

function member(name: string, type: string, mayMiss = false): string {
  return `  ${propertyName(name)}${mayMiss ? "?" : ""}: ${type};`;
}

/** What each column holds; undefined where some have no name here, or they are too many. */
function membersByColumn<F extends FieldDescriptor>(
  fields: readonly F[],
  gapsOf: (field: F) => { readonly nullable: boolean; readonly mayMiss: boolean },
): string[] | undefined {
  const members = new Map<string, string>();
  for (const field of fields) {
    const { nullable, mayMiss } = gapsOf(field);
    for (const column of field.columns)
      members.set(column, member(column, cellType(field, nullable), mayMiss));
  }
  if (members.size > MAX_COLUMNS || fields.some((field) => field.columns.length === 0)) return undefined;
  return [...members.values()];
}

/** What a row says of itself beside its labels. */
function besideLabels({ sources, rowWeight, tasks }: ModelDescriptor): string {
  const weighed = tasks.filter((task) => task.rowWeight).map(({ name }) => `${propertyName(name)}: number`);
  const beside = [
    ...(sources.length > 0 ? [`source: ${sourcesType(sources)} | number`] : []),
    ...(rowWeight ? ["rowWeight?: number"] : []),
    ...(weighed.length > 0 ? [`rowWeights?: { ${weighed.join("; ")} }`] : []),
  ];
  return beside.length === 0 ? "" : ` & { ${beside.join("; ")} }`;
}

function oneOf(types: readonly string[]): string {
  return types.length === 1 ? types[0]! : `(${types.join(" | ")})`;
}

/** Types name at most so many columns; with more, a row is given by inputs only and a metric's columns have any names. */
const MAX_COLUMNS = 40;

function classNames(task: TaskDescriptor): string {
  return task.names ? task.names.map(stringLiteral).join(" | ") : "number";
}

function predictionType(task: TaskDescriptor): string {
  return isClass(task) ? `ClassPrediction<${classNames(task)}>` : "ValuePrediction";
}

function rowPredictionType(task: TaskDescriptor): string {
  if (isClass(task))
    return `${task.dims.length === 0 ? "" : "readonly "}ClassRow<${classNames(task)}>${task.dims.length === 0 ? "" : "[]"}`;
  return task.dims.length === 0 ? "number" : "readonly number[]";
}

/** Longer types are broken into several lines. */
const LINE = 80;

/** One of several literals, in lines where they are many. */
function union(literals: readonly string[]): string {
  const line = literals.join(" | ");
  if (line.length <= LINE) return line;
  const lines: string[] = [];
  for (const literal of literals) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + literal.length <= LINE)
      lines[lines.length - 1] = `${last} | ${literal}`;
    else lines.push(literal);
  }
  return `\n${lines.map((part) => `      | ${part}\n`).join("")}    `;
}

function metricsType(task: TaskDescriptor): string {
  if (task.metrics.length === 0) return "Record<never, never>";
  const several = labelColumns(task) > 1;
  const names = several ? columnNames(task) : [];
  const column = names.length <= MAX_COLUMNS ? names.map(stringLiteral) : [];
  const value = several ? `ColumnMetric${column.length === 0 ? "" : `<${union(column)}>`}` : "number | null";
  const members = task.metrics.map((m) => `${propertyName(m.name)}: ${value}`);
  const line = `{ ${members.join("; ")} }`;
  return line.length <= LINE ? line : `{\n${members.map((member) => `    ${member};\n`).join("")}  }`;
}
