import { takeRows } from "../../data/bind.js";
import { diagnostic } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import { bindSpec, loadData } from "../data.js";
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
import { print, printJson, refuseLoneSource, refuseUse, report, take } from "../output.js";
import { isMeta, loadSpec, type LoadedSpec } from "../spec.js";
import { requireSplit } from "../checkpoints.js";

export interface EvaluateOptions extends EngineOptions {
  readonly json?: boolean;
  readonly checkpoint?: string;
  readonly part?: "train" | "validation" | "test";
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
  if (options.part !== undefined && options.data !== undefined)
    refuseUse("`--part` is a part of the spec's own data; of a file that `--data` names all rows are taken.");
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
  if (options.json) printJson({ part: options.data ?? part, ...result });
  else {
    print(`${spec.document.name} on ${options.data ?? `the ${part} part`}:`);
    print(reportTable(result));
    for (const warning of result.warnings) print(`warning: ${warning}`);
  }
  model.dispose();
}

type Part = NonNullable<EvaluateOptions["part"]>;

function partRows(spec: LoadedSpec, part: Part, notes: Readonly<Record<string, string>>) {
  const seed = notes["split_seed"];
  const data = loadData(spec, "evaluate", seed === undefined ? undefined : Number(seed));
  requireSplit(spec, data.splitHash, notes);
  const rows = data.parts[part];
  if (rows.length === 0) report([diagnostic("NN7057", placeOf(spec.places, "/data/split"), { part })]);
  return { rows: takeRows(data.bound, rows), columns: data.bound.columns };
}

function fileRows(spec: LoadedSpec, file: string, source: string | undefined) {
  const { bound } = take(bindSpec(spec, "evaluate", { file, source }));
  const every = Int32Array.from({ length: bound.rows }, (_, i) => i);
  return { rows: takeRows(bound, every), columns: bound.columns };
}
