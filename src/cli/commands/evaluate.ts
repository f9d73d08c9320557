import { takeRows } from "../../data/bind.js";
import { everyRow } from "../../data/table.js";
import { bindSpec } from "../data.js";
import { reportTable } from "../format.js";
import {
  checkpointPath,
  loadCheckpoint,
  orRefuse,
  readCheckpointFile,
  startSpec,
  type EngineOptions,
} from "../model.js";
import { readNotes } from "../../runtime/checkpoint.js";
import { measuresOf, printEvent } from "../events.js";
import { print, refuseLoneSource, refuseUse, take } from "../output.js";
import { loadPart, refusePartOfFile, type Part } from "../parts.js";
import { isMeta, loadSpec, type LoadedSpec } from "../spec.js";

export interface EvaluateOptions extends EngineOptions {
  readonly json?: boolean;
  readonly checkpoint?: string;
  readonly part?: Part;
  /** Another file, all of whose rows are taken. */
  readonly data?: string;
  /** Which of several sources the file is like. */
  readonly source?: string;
  /** Of a spec with a `meta` section. */
  readonly episodes?: number;
  readonly innerSteps?: number;
}

/** Reports losses and metrics of a checkpoint, on a part of the spec's data or on a file of its own. */
export async function evaluate(path: string, options: EvaluateOptions): Promise<void> {
  const spec = await loadSpec(path, options);
  if (isMeta(spec)) return (await import("./meta.js")).evaluateMeta(spec, options);
  if (options.episodes !== undefined || options.innerSteps !== undefined)
    refuseUse("`--episodes` and `--inner-steps` are for a spec with a `meta` section.");
  refusePartOfFile(options);
  refuseLoneSource(options);
  const { part = "test" } = options;
  const checkpoint = checkpointPath(spec, options.checkpoint);
  const bytes = readCheckpointFile(checkpoint);
  const notes = await orRefuse(checkpoint, () => readNotes(bytes));
  const { rows, columns } =
    options.data === undefined ? partRows(spec, part, notes) : fileRows(spec, options.data, options.source);
  const model = await startSpec(spec, "evaluate", options, columns);
  await loadCheckpoint(model, checkpoint, bytes);
  const result = await orRefuse(path, () => model.evaluate(rows));
  if (options.json) printEvent("evaluation", spec, measuresOf(options.data ?? part, result));
  else {
    print(`${spec.document.name} on ${options.data ?? `the ${part} part`}:`);
    print(reportTable(result));
    for (const warning of result.warnings) print(`warning: ${warning}`);
  }
  model.dispose();
}

function partRows(spec: LoadedSpec, part: Part, notes: Readonly<Record<string, string>>) {
  const { bound, rows } = loadPart(spec, "evaluate", part, notes);
  return { rows: takeRows(bound, rows), columns: bound.columns };
}

function fileRows(spec: LoadedSpec, file: string, source: string | undefined) {
  const { bound } = take(bindSpec(spec, "evaluate", { file, source }));
  return { rows: takeRows(bound, everyRow(bound)), columns: bound.columns };
}
