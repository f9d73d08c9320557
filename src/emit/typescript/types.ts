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
  return `${docComment("What TypeScript knows of this model.")}export interface Types {\n  inputs: Inputs;\n  labels: Labels;\n  row: Row;\n  predictions: Predictions;\n  rowPredictions: RowPredictions;\n  losses: Losses;\n  metrics: Metrics;\n  sources: ${sourcesType(sources)};\n}\n`;
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

function rowCellType(field: FieldDescriptor): string {
  const cell = cellType(field, imputes(field));
  return depth(field) === 0 ? cell : `NumberRows<${depth(field) - 1}${cell === "number" ? "" : `, ${cell}`}>`;
}

function printRow(descriptor: ModelDescriptor): string {
  const partial = partialInputs(descriptor);
  const byInput = descriptor.inputs.map(
    (i) => `  ${propertyName(i.name)}${partial.has(i.name) ? "?" : ""}: ${rowCellType(i)};`,
  );
  const columns = descriptor.inputs.flatMap((input) =>
    input.columns.map((column) => ({ column, type: cellType(input, imputes(input)) })),
  );
  const named = descriptor.inputs.every((i) => i.columns.length > 0) && columns.length <= MAX_COLUMNS;
  const distinct = new Map(columns.map(({ column, type }) => [column, type]));
  const byColumn = [...distinct].map(([column, type]) => `  ${propertyName(column)}: ${type};`);
  const first = `${docComment("One raw row, by the names of the inputs.")}export interface RowByInput {\n${byInput.join("\n")}\n}\n`;
  if (!named) return `${first}\nexport type Row = RowByInput;\n`;
  const second = `${docComment("One raw row, by the columns of the data section.")}export interface RowByColumn {\n${byColumn.join("\n")}\n}\n`;
  return `${first}\n${second}\nexport type Row = RowByInput | RowByColumn;\n`;
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
