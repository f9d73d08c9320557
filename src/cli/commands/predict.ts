import { takeRows, type BoundData } from "../../data/bind.js";
import { writeFileAtomic } from "../../data/atomic.js";
import type { Model, Prediction } from "../../runtime/index.js";
import { bindSpec } from "../data.js";
import { checkpointPath, loadCheckpoint, orRefuse, startSpec, type EngineOptions } from "../model.js";
import { print, printJson, report } from "../output.js";
import { csv, jsonLines, type Predicted } from "../predictions.js";
import { loadSpec, refuse, systemReason } from "../spec.js";

export interface PredictOptions extends EngineOptions {
  readonly checkpoint?: string;
  /** One raw row as JSON. */
  readonly row?: string;
  /** A data file; the spec's by default. */
  readonly data?: string;
  /** Which of several sources the file is like. */
  readonly source?: string;
  readonly format: "csv" | "jsonl";
  readonly out?: string;
}

/** Predicts one raw row, or every row of a data file, in original units and class names. */
export async function predict(path: string, options: PredictOptions): Promise<void> {
  const spec = loadSpec(path);
  const { bound, diagnostics } =
    options.row === undefined
      ? bindSpec(spec, "predict", other(options), "inputs")
      : { bound: undefined, diagnostics: [] };
  report(diagnostics);
  const model = await startSpec(spec, "predict", options, bound?.columns);
  await loadCheckpoint(model, checkpointPath(spec, options.checkpoint));
  if (options.row !== undefined) {
    const row = readRow(path, options.row);
    printJson(await orRefuse(path, () => model.predictOne(row)));
  } else {
    const predicted = await orRefuse(path, () => predictAll(model, bound!));
    const text = (options.format === "csv" ? csv : jsonLines)(model.descriptor, predicted);
    if (options.out === undefined) process.stdout.write(text);
    else {
      try {
        writeFileAtomic(options.out, text);
      } catch (error) {
        refuse("NN6006", options.out, { path: options.out, reason: systemReason(error) });
      }
      print(`${bound!.rows} rows predicted: ${options.out}`);
    }
  }
  model.dispose();
}

function other({ data, source }: PredictOptions) {
  return data === undefined ? undefined : { file: data, source };
}

/** Predicts the rows of each source by themselves: they have the inputs that it has. */
async function predictAll(model: Model, bound: BoundData): Promise<Predicted[]> {
  const all = Int32Array.from({ length: bound.rows }, (_, row) => row);
  const { sources } = model.descriptor;
  const parts =
    sources.length === 0
      ? [{ source: undefined, inputs: model.descriptor.inputs.map((i) => i.name), rows: all }]
      : sources.map(({ name, inputs }) => ({
          source: name,
          inputs,
          rows: all.filter((row) => bound.source?.[row] === name),
        }));
  const predicted: Predicted[] = [];
  for (const { source, inputs, rows } of parts) {
    if (rows.length === 0) continue;
    const given = Object.entries(takeRows(bound, rows).inputs).filter(([name]) => inputs.includes(name));
    const predictions = await model.predict(Object.fromEntries(given));
    predicted.push({ source, rows: rows.length, predictions: predictions as Record<string, Prediction> });
  }
  return predicted;
}

function readRow(path: string, text: string): Record<string, unknown> {
  let row: Record<string, unknown> | null;
  try {
    row = JSON.parse(text) as Record<string, unknown> | null;
  } catch (error) {
    refuse("NN6007", path, { reason: `--row is no JSON: ${(error as Error).message}.` });
  }
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return row;
  refuse("NN6007", path, { reason: '--row is a JSON object, such as {"measures": [39.1, 18.7, 181]}.' });
}
