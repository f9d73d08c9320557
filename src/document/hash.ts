import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import type { Component, ComponentKind } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { canonicalText } from "../library/json.js";
import { givenOptions } from "../library/options.js";
import { episodeSettings } from "../library/sections.js";
import { utf8 } from "../runtime/host.js";
import type {
  DataDocument,
  InputDocument,
  MetaDocument,
  ModelDocument,
  NodeDocument,
  TaskDocument,
  TrainDocument,
  TypeDocument,
} from "./types.js";

/**
 * SHA-256 of what a checkpoint's weights depend on: inputs, nodes, what the tasks predict, and the transforms. Settings of
 * training and metrics may change between training and use. Only the meaning counts: defaults are left out, whether given or not,
 * so that an option that the library gains later changes no hash; docs and the order of keys do not count.
 */
export function modelHash({ inputs, nodes, tasks, data }: ModelDocument): string {
  return hashOf({
    inputs: inputs.map(inputMeaning),
    nodes: nodes.map(nodeMeaning),
    tasks: tasks.map(predictionMeaning),
    mappings: mappingsMeaning(data),
  });
}

/** SHA-256 of the meaning of the whole document. */
export function documentHash(document: ModelDocument): string {
  const { inputs, nodes, tasks, train, meta, data, budget } = document;
  return hashOf({
    name: document.name,
    inputs: inputs.map(inputMeaning),
    nodes: nodes.map(nodeMeaning),
    tasks: tasks.map(taskMeaning),
    train: train.map(trainMeaning),
    meta: meta && metaMeaning(meta),
    data: data && dataMeaning(data),
    budget,
  });
}

/** The model's hash as in checkpoints of nnspec 0.1.0 and before, which depends on how the document is spelled. */
export function formerModelHash({ inputs, nodes, tasks, data }: ModelDocument): string {
  const parts = [
    inputs.map(({ name, type }) => [name, type]),
    nodes,
    tasks.map(({ name, output, label, loss }) => [name, output, label, loss]),
    data?.mappings ?? [],
  ];
  return digest(JSON.stringify(parts));
}

function hashOf(value: unknown): string {
  return digest(canonicalText(value));
}

function digest(text: string): string {
  return bytesToHex(sha256(utf8(text)));
}

function componentMeaning(kind: ComponentKind, { name, options }: Component) {
  return { name, options: givenOptions(libraryEntry(kind, name), options) };
}

function typeMeaning({ optional, ...type }: TypeDocument) {
  return optional ? { ...type, optional } : type;
}

function inputMeaning({ name, type }: InputDocument) {
  return { name, type: typeMeaning(type) };
}

function nodeMeaning({ options, ...node }: NodeDocument) {
  return { ...node, options: givenOptions(libraryEntry("layer", node.layer), options) };
}

function predictionMeaning({ name, output, label, loss }: TaskDocument) {
  return { name, output, label: typeMeaning(label), loss: componentMeaning("loss", loss) };
}

function taskMeaning(task: TaskDocument) {
  const { metrics, weight, class_weights } = task;
  return {
    ...predictionMeaning(task),
    metrics: metrics.map((metric) => componentMeaning("metric", metric)),
    weight,
    class_weights,
  };
}

function trainMeaning({ optimizers, balance, clip, stop, on_divergence, ...settings }: TrainDocument) {
  return {
    ...settings,
    ...(on_divergence === "stop" ? {} : { on_divergence }),
    optimizers: optimizers.map(({ pattern, optimizer }) => ({
      pattern,
      optimizer: componentMeaning("optimizer", optimizer),
    })),
    balance: componentMeaning("balancer", balance),
    clip: clip && componentMeaning("clip", clip),
    stop: stop && componentMeaning("stopper", stop),
  };
}

function metaMeaning({ algorithm, settings }: MetaDocument) {
  return {
    algorithm: componentMeaning("algorithm", algorithm),
    settings: givenOptions({ parameters: episodeSettings }, settings),
  };
}

function mappingsMeaning(data: DataDocument | undefined) {
  return (data?.mappings ?? []).map(({ transforms, ...mapping }) => ({
    ...mapping,
    transforms: transforms.map((transform) => componentMeaning("transform", transform)),
  }));
}

function dataMeaning(data: DataDocument) {
  const { sampler, split, ...settings } = data;
  return {
    ...settings,
    sampler: componentMeaning("sampler", sampler),
    mappings: mappingsMeaning(data),
    split: { ...split, by: componentMeaning("split", split.by) },
  };
}
