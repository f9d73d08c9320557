import type {
  FieldDescriptor,
  MetaDescriptor,
  ModelDescriptor,
  SourceDescriptor,
  StopDescriptor,
  TaskDescriptor,
  TrainDescriptor,
} from "../runtime/descriptor.js";
import { elementCount } from "../runtime/elements.js";
import { chainWidth } from "../runtime/transforms/chain.js";
import { documentHash, formerModelHash, modelHash } from "../document/hash.js";
import type { Component } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { readOptions } from "../library/options.js";
import { has } from "./index-sets.js";
import type { ModelAnalysis } from "./analysis.js";
import { adaptingWeights, episodeSizes, isGradient, metaSizes } from "./adapting.js";
import { labelElements } from "./elements.js";
import { lossLink } from "./links.js";
import { watchedBy } from "./stopping.js";
import { namedSources } from "./sources.js";
import type {
  DataDocument,
  MappingDocument,
  MetaDocument,
  ModelDocument,
  TaskDocument,
  TrainDocument,
  TypeDocument,
} from "../document/types.js";

/** The columns of each mapping, ranges expanded; only a caller that has read the file's header knows all of them. */
export type MappedColumns = ReadonlyMap<string, readonly string[]>;

/** What the runtime has to know of a model. */
export function describeModel(
  model: ModelAnalysis<ModelDocument>,
  train: TrainDocument,
  columns: MappedColumns,
): ModelDescriptor {
  const { document } = model;
  const mappings = firstMappings(document.data);
  return {
    name: document.name,
    hash: modelHash(document),
    formerHash: formerModelHash(document),
    documentHash: documentHash(document),
    inputs: document.inputs.map(({ name, type }) =>
      fieldDescriptor(name, type, mappings.get(name), columns.get(name)),
    ),
    tasks: document.tasks.map((task, i) => ({
      ...taskDescriptor(model, task, mappings.get(task.name), columns.get(task.name)),
      ...(namedSources(document.data).length > 0 ? { inputs: inputsOf(model, i) } : {}),
    })),
    train: trainDescriptor(train, document.data),
    meta: document.meta ? metaDescriptor(model, document.meta) : null,
    rowWeight: document.data?.row_weights.some((weight) => weight.task === null) ?? false,
    sources: namedSources(document.data).map((source) => sourceDescriptor(document, source)),
    weights: Object.fromEntries(model.weights.map((w) => [w.path, w.shape])),
    state: model.state.map((s) => s.path),
  };
}

/** A field has a mapping for each source, all with the same transforms. */
function firstMappings(data: DataDocument | undefined): ReadonlyMap<string, MappingDocument> {
  return new Map((data?.mappings ?? []).toReversed().map((mapping) => [mapping.name, mapping]));
}

function sourceDescriptor({ inputs, tasks, data }: ModelDocument, source: string): SourceDescriptor {
  const own = (data?.mappings ?? []).filter((m) => m.source === source);
  const mapped = new Set(own.map((m) => m.name));
  const names = (all: readonly { readonly name: string }[]) =>
    all.map(({ name }) => name).filter((name) => mapped.has(name));
  return { name: source, inputs: names(inputs), tasks: names(tasks) };
}

/** How many raw numbers make a row of this type. */
export function rawWidth(type: TypeDocument, mapping: MappingDocument | undefined): number {
  const width = elementCount(type.dims);
  return (
    width /
    chainWidth(
      (mapping?.transforms ?? []).map((t) => t.name),
      1,
    )
  );
}

function fieldDescriptor(
  name: string,
  type: TypeDocument,
  mapping: MappingDocument | undefined,
  columns: readonly string[] | undefined,
): FieldDescriptor {
  return {
    name,
    kind: type.base,
    dims: type.dims,
    ...(type.classes === undefined ? {} : { classes: type.classes }),
    ...(type.names === undefined ? {} : { names: type.names }),
    width: rawWidth(type, mapping),
    transforms: mapping?.transforms ?? [],
    columns: columns ?? [],
  };
}

function taskDescriptor(
  model: ModelAnalysis<ModelDocument>,
  task: TaskDocument,
  mapping: MappingDocument | undefined,
  columns: readonly string[] | undefined,
): TaskDescriptor {
  const output = model.types.get(task.output);
  if (!output) throw new Error(`there is no value ${task.output}`);
  const weights = model.document.data?.row_weights ?? [];
  return {
    ...fieldDescriptor(task.name, task.label, mapping, columns),
    optional: task.label.optional === true,
    output: output.dims,
    link: model.outputLink(task) === "linear" ? (lossLink(task) ?? null) : null,
    logits: model.scoreLink(task) !== undefined,
    elements: labelElements(task),
    metrics: task.metrics,
    weight: task.weight,
    classWeights: task.class_weights,
    rowWeight: weights.some((weight) => weight.task === task.name),
  };
}

/** The inputs that a task's output depends on. */
function inputsOf({ document, reach }: ModelAnalysis<ModelDocument>, task: number): string[] {
  return document.inputs.map(({ name }) => name).filter((name) => has(reach.tasksOfValue(name), task));
}

function trainDescriptor(train: TrainDocument, data: DataDocument | undefined): TrainDescriptor {
  const sources = namedSources(data);
  const full = train.optimizers.some(
    ({ optimizer }) => libraryEntry("optimizer", optimizer.name).fullBatch === true,
  );
  return {
    epochs: train.epochs,
    batch: full ? "full" : train.batch,
    accumulate: train.accumulate,
    shuffle: train.shuffle,
    sampling: data && sources.length > 0 ? { sampler: data.sampler, batches: data.batches, sources } : null,
    seed: train.seed,
    stop: train.stop ? stopDescriptor(train.stop) : null,
    onDivergence: train.on_divergence,
  };
}

function metaDescriptor(model: ModelAnalysis<ModelDocument>, meta: MetaDocument): MetaDescriptor {
  const { algorithm, settings } = meta;
  const entry = libraryEntry("algorithm", algorithm.name);
  const options = readOptions(entry, algorithm.options);
  const own = metaSizes(model, meta, adaptingWeights(model, meta));
  const learned = entry.learned?.(options, own) ?? [];
  const stateful = model.state.length > 0;
  return {
    ...episodeSizes(meta),
    tasksPerStep: settings.tasks_per_step,
    steps: settings.steps,
    innerSteps: isGradient(entry) ? entry.innerSteps(options) : 0,
    capacity: "capacity" in entry && entry.capacity ? entry.capacity(own) : null,
    keeps: !isGradient(entry) || (settings.norm === "support" && stateful),
    severalRows: settings.norm === "transductive" && stateful,
    learned: learned.map(({ path }) => path),
    tasks: settings.tasks,
    onDivergence: settings.on_divergence,
  };
}

function stopDescriptor(stop: Component): StopDescriptor {
  const { monitor, weights, ...rest } = watchedBy(stop);
  return { monitor, ...rest, weights: weights ?? monitor.map(() => 1) };
}
