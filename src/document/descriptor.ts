import type {
  FieldDescriptor,
  MetaDescriptor,
  ModelDescriptor,
  SourceDescriptor,
  StopDescriptor,
  TaskDescriptor,
  TrainDescriptor,
} from "../runtime/descriptor.js";
import { chainWidth } from "../runtime/transforms/chain.js";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import type { Component } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { readOptions } from "../library/options.js";
import { adaptingWeights, episodeSizes, isGradient, metaSizes } from "./adapting.js";
import { labelElements } from "./elements.js";
import { labelType } from "./input-type.js";
import { outputLinks, type OutputLink } from "./link.js";
import { scoreLink } from "./scores.js";
import { namedSources } from "./sources.js";
import type {
  DataDocument,
  MappingDocument,
  MetaDocument,
  ModelDocument,
  TaskDocument,
  TrainDocument,
  TypeDocument,
} from "./types.js";
import { collectWeights, reachIn, valueTypes } from "./weights.js";
import { elementCount } from "../runtime/tensor.js";

/** The columns of each mapping with ranges laid open; a caller that has read the file's header knows them all. */
export type MappedColumns = ReadonlyMap<string, readonly string[]>;

function sha256Hex(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(value))));
}

/**
 * What a checkpoint's weights depend on: inputs, nodes, what the tasks predict, and the transforms. Settings of training
 * and metrics may change between training and use.
 */
function modelHash({ inputs, nodes, tasks, data }: ModelDocument): string {
  return sha256Hex([
    inputs.map(({ name, type }) => [name, type]),
    nodes,
    tasks.map(({ name, output, label, loss }) => [name, output, label, loss]),
    data?.mappings ?? [],
  ]);
}

/** What the runtime has to know of a model. */
export function describeModel(
  document: ModelDocument,
  train: TrainDocument,
  columns: MappedColumns,
): ModelDescriptor {
  const { weights, state } = collectWeights(document);
  const mappings = new Map(document.data?.mappings.map((m) => [m.name, m]));
  return {
    name: document.name,
    hash: modelHash(document),
    documentHash: sha256Hex(document),
    inputs: document.inputs.map(({ name, type }) =>
      fieldDescriptor(name, type, mappings.get(name), columns.get(name)),
    ),
    tasks: taskDescriptors(document, mappings, columns),
    train: trainDescriptor(train, document.data),
    meta: document.meta ? metaDescriptor(document, document.meta) : null,
    rowWeight: document.data?.row_weights.some((weight) => weight.task === null) ?? false,
    sources: namedSources(document.data).map((source) => sourceDescriptor(document, source)),
    weights: Object.fromEntries(weights.map((w) => [w.path, w.shape])),
    state: state.map((s) => s.path),
  };
}

function sourceDescriptor({ inputs, tasks, data }: ModelDocument, source: string): SourceDescriptor {
  const mapped = data!.mappings.filter((m) => m.source === source).map((m) => m.name);
  const names = (all: readonly { readonly name: string }[]) =>
    all.map(({ name }) => name).filter((name) => mapped.includes(name));
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

function taskDescriptors(
  document: ModelDocument,
  mappings: ReadonlyMap<string, MappingDocument>,
  columns: MappedColumns,
): TaskDescriptor[] {
  const links = outputLinks(document.nodes);
  const types = valueTypes(document);
  const weighed = new Set(document.data?.row_weights.map(({ task }) => task));
  const mixed = namedSources(document.data).length > 0;
  const reach = reachIn(document);
  const inputsOf = (task: TaskDocument) => {
    const { values } = reach(task);
    return document.inputs.map((input) => input.name).filter((name) => values.has(name));
  };
  return document.tasks.map((task) => ({
    ...fieldDescriptor(task.name, task.label, mappings.get(task.name), columns.get(task.name)),
    optional: task.label.optional === true,
    output: types.get(task.output)!.dims,
    ...linksOf(task, links(task.output)),
    elements: labelElements(task),
    metrics: task.metrics,
    weight: task.weight,
    classWeights: task.class_weights,
    rowWeight: weighed.has(task.name),
    ...(mixed ? { inputs: inputsOf(task) } : {}),
  }));
}

function linksOf(task: TaskDocument, ends: OutputLink): Pick<TaskDescriptor, "link" | "logits"> {
  const link = libraryEntry("loss", task.loss.name).link?.(labelType(task.label)) ?? null;
  return { link: ends === "linear" ? link : null, logits: scoreLink(task, ends) !== undefined };
}

function trainDescriptor(train: TrainDocument, data: DataDocument | undefined): TrainDescriptor {
  const sources = namedSources(data);
  const options = train.stop?.options;
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
    stop: options ? stopDescriptor(options) : null,
  };
}

function metaDescriptor(document: ModelDocument, meta: MetaDocument): MetaDescriptor {
  const { algorithm, settings } = meta;
  const entry = libraryEntry("algorithm", algorithm.name);
  const own = metaSizes(document, meta, adaptingWeights(document, meta));
  const learned = entry.learned?.(readOptions(entry, algorithm.options), own) ?? [];
  const stateful = collectWeights(document).state.length > 0;
  return {
    ...episodeSizes(meta),
    tasksPerStep: settings["tasks_per_step"] as number,
    steps: settings["steps"] as number,
    innerSteps: isGradient(entry) ? (algorithm.options["inner_steps"] as number) : 0,
    capacity: "capacity" in entry && entry.capacity ? entry.capacity(own) : null,
    keeps: !isGradient(entry) || (settings["norm"] === "support" && stateful),
    severalRows: settings["norm"] === "transductive" && stateful,
    learned: learned.map(({ path }) => path),
    tasks: settings["tasks"] as MetaDescriptor["tasks"],
  };
}

function stopDescriptor(options: Component["options"]): StopDescriptor {
  const monitor = options["monitor"] as readonly string[];
  return {
    monitor,
    criterion: options["criterion"] as StopDescriptor["criterion"],
    weights: (options["weights"] as readonly number[] | null) ?? monitor.map(() => 1),
    patience: options["patience"] as number,
    minDelta: options["min_delta"] as number,
  };
}
