import { takeRows } from "../../data/bind.js";
import { everyRow, missingCells } from "../../data/table.js";
import { readJsonText } from "../../document/json-places.js";
import { makeSource } from "../../source/index.js";
import { writtenColumns } from "../../model/columns.js";
import { namedSources } from "../../model/sources.js";
import type { MappedColumns } from "../../model/descriptor.js";
import type { Model } from "../../runtime/index.js";
import { readNotes } from "../../runtime/checkpoint.js";
import { bindSpec } from "../data.js";
import { joinedOf, labelColumns, type JoinedRows } from "../joined.js";
import {
  checkpointPath,
  loadCheckpoint,
  orRefuse,
  readCheckpointFile,
  startSpec,
  type EngineOptions,
} from "../model.js";
import { printJson, refuseLoneSource, refuseUse, take } from "../output.js";
import { loadPart, refusePartOfFile, type Part } from "../parts.js";
import { writePredicted, type OutputOptions, type Predicted } from "../predictions.js";
import { loadSpec, refuse, type LoadedSpec } from "../spec.js";
import { systemReason } from "../system.js";

export interface PredictOptions extends EngineOptions, OutputOptions {
  readonly checkpoint?: string;
  /** One raw row as JSON. */
  readonly row?: string;
  /** A data file; the spec's by default. */
  readonly data?: string;
  /** Which of several sources the file is like. */
  readonly source?: string;
  /** A part of the spec's own data; all of it by default. */
  readonly part?: Part;
  /** Of a spec with a `meta` section: a file of labelled rows. */
  readonly adapt?: string;
  readonly innerSteps?: number;
}

/**
 * Predicts one raw row, or every row of a data file, in original units and class names; `query` is the file where the model
 * first adapts to another.
 */
export async function predict(
  path: string,
  query: string | undefined,
  options: PredictOptions,
): Promise<void> {
  const spec = await loadSpec(path);
  if (spec.document.meta || options.adapt !== undefined)
    return (await import("./adapt.js")).predictAdapted(spec, query, options);
  if (query !== undefined) refuseUse("A file of rows to predict is named by `--data FILE`.");
  if (options.innerSteps !== undefined) refuseUse("`--inner-steps` is for a spec with a `meta` section.");
  if (options.row !== undefined && (options.part !== undefined || options.id || options.truth))
    refuseUse("`--part`, `--id` and `--truth` are for a file of rows, and `--row` is one row.");
  refusePartOfFile(options);
  if (options.row !== undefined && (options.data !== undefined || options.source !== undefined))
    refuseUse("`--row` is one row, and `--data` a file of rows: give one of them.");
  refuseLoneSource(options);
  await (options.row === undefined ? predictFile(spec, options) : predictRow(spec, options, options.row));
}

async function predictRow(spec: LoadedSpec, options: PredictOptions, text: string): Promise<void> {
  const row = readRow(text, missingCells(spec.document.data?.missing ?? []));
  const model = await startSpec(spec, "predict", options, rangedColumns(spec, row));
  await loadCheckpoint(model, checkpointPath(spec, options.checkpoint));
  printJson(await orRefuse("--row", () => model.predictOne(row)));
  model.dispose();
}

/** The columns of a spec with ranges, which the header of its data file names, where the row has other names than the inputs. */
function rangedColumns(spec: LoadedSpec, row: Readonly<Record<string, unknown>>): MappedColumns | undefined {
  const { data, inputs } = spec.document;
  const written = writtenColumns(data);
  const named = inputs.every(({ name }) => written.has(name));
  const names = new Set(inputs.map(({ name }) => name));
  if (!data || named || namedSources(data).length > 0 || Object.keys(row).every((key) => names.has(key)))
    return undefined;
  // A file that is not there, or has mistakes, is none that the row needs.
  return bindSpec(spec, "predict", undefined, { wanted: "inputs" }).value?.bound.columns;
}

async function predictFile(spec: LoadedSpec, options: PredictOptions): Promise<void> {
  const checkpoint = checkpointPath(spec, options.checkpoint);
  const bytes = readCheckpointFile(checkpoint);
  const rows = await rowsToPredict(spec, options, checkpoint, bytes);
  const columns = new Map([...rows.bound.columns, ...labelColumns(rows.document, rows.tables)]);
  const model = await startSpec(spec, "predict", options, columns);
  await loadCheckpoint(model, checkpoint, bytes);
  const predicted = await orRefuse(spec.path, () => predictAll(model, rows, options));
  const reads = [spec.path, checkpoint, ...rows.tables.map(({ table }) => table.path)];
  writePredicted(model.descriptor.tasks, predicted, options, reads);
  model.dispose();
}

async function rowsToPredict(
  spec: LoadedSpec,
  options: PredictOptions,
  checkpoint: string,
  bytes: Uint8Array,
): Promise<JoinedRows> {
  if (options.part !== undefined) {
    const notes = await orRefuse(checkpoint, () => readNotes(bytes));
    return loadPart(spec, "predict", options.part, notes, { columns: options.id });
  }
  const wanted = options.truth === true ? "everything" : "inputs";
  const reading = { wanted, columns: options.id } as const;
  const { document, bound, tables } = take(bindSpec(spec, "predict", other(options), reading));
  return { document, bound, tables, rows: everyRow(bound) };
}

function other({ data, source }: PredictOptions) {
  return data === undefined ? undefined : { file: data, source };
}

/** Predicts the rows of each source by themselves: they have the inputs that it has. */
async function predictAll(model: Model, all: JoinedRows, options: PredictOptions): Promise<Predicted[]> {
  const { bound, rows } = all;
  const { sources, inputs, tasks } = model.descriptor;
  const parts =
    sources.length === 0
      ? [{ source: undefined, inputs: inputs.map(({ name }) => name), rows }]
      : sources.map((source) => ({
          source: source.name,
          inputs: source.inputs,
          rows: rows.filter((row) => bound.source?.[row] === source.name),
        }));
  const predicted: Predicted[] = [];
  for (const { source, inputs: wanted, rows: own } of parts) {
    if (own.length === 0) continue;
    const joined = joinedOf({ ...all, rows: own }, source ?? null, tasks, options);
    const given = Object.entries(takeRows(bound, own).inputs).filter(([name]) => wanted.includes(name));
    const predictions = await model.predict(Object.fromEntries(given));
    predicted.push({ source, rows: own.length, predictions, ...joined });
  }
  return predicted;
}

/** What a data file would hold in a row: what stands for a missing value there does so here. */
function readRow(text: string, missing: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  let row: unknown;
  try {
    row = JSON.parse(text, (_, value: unknown) =>
      typeof value === "string" && missing.has(value) ? null : value,
    );
  } catch (error) {
    refuse("NN6007", "--row", { reason: `--row is no JSON: ${systemReason(error)}.` });
  }
  const read = readJsonText(makeSource("--row", text));
  const [twice] = "problem" in read ? [] : read.repeated;
  if (twice) refuse("NN6007", "--row", { reason: `--row has ${JSON.stringify(twice.key)} twice.` });
  if (typeof row === "object" && row !== null && !Array.isArray(row))
    return Object.fromEntries(Object.entries(row));
  refuse("NN6007", "--row", { reason: '--row is a JSON object, such as {"measures": [39.1, 18.7, 181]}.' });
}
