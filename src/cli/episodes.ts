import { takeRows } from "../data/bind.js";
import { everyRow } from "../data/table.js";
import { classCoverage } from "../data/coverage.js";
import type { PartName } from "../data/split.js";
import { fileTasks, type FileTasks } from "../data/tasks.js";
import type { ClassesDocument } from "../document/types.js";
import { taskColumn } from "../model/episodes.js";
import { classEpisodes, groupEpisodes, type DrawEpisode, type MetaModel } from "../runtime/index.js";
import { bindSpec, loadData } from "./data.js";
import { orRefuse } from "./model.js";
import { print, printError, report, take } from "./output.js";
import type { MetaSpec } from "./spec.js";

/** Where tasks come from, for each part. */
export interface Episodes {
  readonly train: DrawEpisode;
  readonly validation: DrawEpisode | undefined;
  readonly test: DrawEpisode;
  /** Of the rows of each part, where a split deals them. */
  readonly splitHash?: string;
}

export interface EpisodesOptions {
  /** Whether transforms are fitted, on rows of training tasks; otherwise a checkpoint has them. */
  readonly fit: boolean;
  readonly json?: boolean | undefined;
}

/** Episodes of the spec's data file, where it has classes or a column for them. */
export async function episodesOf(
  spec: MetaSpec,
  model: MetaModel,
  options: EpisodesOptions,
): Promise<Episodes | undefined> {
  const { data, meta } = spec.document;
  const wanted = { spec, model, options };
  if (data?.classes) return ofClasses(wanted, data.classes);
  return taskColumn(meta) === undefined ? undefined : ofColumn(wanted);
}

interface Wanted {
  readonly spec: MetaSpec;
  readonly model: MetaModel;
  readonly options: EpisodesOptions;
}

async function ofClasses(
  { spec, model, options }: Wanted,
  { train, validation, test }: ClassesDocument,
): Promise<Episodes> {
  const { bound } = take(bindSpec(spec, "train", undefined, { wanted: "inputs" }));
  report(classCoverage(spec, bound));
  const inputs = Object.fromEntries([...bound.inputs].map(([name, { values }]) => [name, values]));
  const rows = { inputs, classes: bound.classes ?? [] };
  if (options.fit) {
    const taken = takeRows(bound, rowsAmong(rows.classes, train));
    await orRefuse(spec.path, () => model.fitTransforms(taken.inputs));
  }
  const { ways } = spec.document.meta.settings.episode;
  const task = spec.document.tasks[0]?.name ?? "";
  const among = (names: readonly string[]) => classEpisodes(rows, names, { ways: ways ?? 0, task });
  return {
    train: among(train),
    validation: validation.length > 0 ? among(validation) : undefined,
    test: among(test),
  };
}

async function ofColumn({ spec, model, options }: Wanted): Promise<Episodes> {
  const { bound, tables, parts, splitHash } = loadData(spec, "train");
  const tasks = take(fileTasks(spec, tables[0]!.table, bound, parts));
  if (tasks.leftOut > 0) (options.json ? printError : print)(leftOut(spec, tasks));
  if (options.fit) {
    const { inputs, labels } = takeRows(bound, rowsAmong(tasks.ofRows, tasks.parts.train));
    await orRefuse(spec.path, () => model.fitTransforms(inputs, labels));
  }
  const every = takeRows(bound, everyRow(bound));
  const rows = { inputs: every.inputs, labels: every.labels, groups: tasks.ofRows };
  const among = (part: PartName) => groupEpisodes(rows, tasks.parts[part]);
  return {
    train: among("train"),
    validation: tasks.parts.validation.length > 0 ? among("validation") : undefined,
    test: among("test"),
    splitHash,
  };
}

function rowsAmong(names: readonly string[], wanted: readonly string[]): Int32Array {
  const known = new Set(wanted);
  return Int32Array.from(names.flatMap((name, row) => (known.has(name) ? [row] : [])));
}

function leftOut({ document: { meta } }: MetaSpec, { leftOut: few, count }: FileTasks): string {
  const { support, query } = meta.settings.episode;
  const verb = few === 1 ? "has" : "have";
  const left = few === 1 ? "is" : "are";
  return `${few} of ${count} values of ${taskColumn(meta)} ${verb} fewer than ${support + query} rows and ${left} left out.`;
}
