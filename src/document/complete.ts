import type { Component, ComponentKind } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { completeOptions, readOptions } from "../library/options.js";
import { episodeSettings } from "../library/sections.js";
import type { DataDocument, MetaDocument, ModelDocument, TrainDocument } from "./types.js";

/** A document with every default filled in: an option may be left out, or be newer than the document. */
export function completeDocument(document: ModelDocument): ModelDocument {
  const { nodes, tasks, train, meta, data } = document;
  return {
    ...document,
    nodes: nodes.map((node) => ({
      ...node,
      options: completeOptions(libraryEntry("layer", node.layer), node.options),
    })),
    tasks: tasks.map((task) => ({
      ...task,
      loss: complete("loss", task.loss),
      metrics: task.metrics.map((metric) => complete("metric", metric)),
    })),
    train: train.map(completeTrain),
    ...(meta ? { meta: completeMeta(meta) } : {}),
    ...(data ? { data: completeData(data) } : {}),
  };
}

function complete(kind: ComponentKind, { name, options }: Component): Component {
  return { name, options: completeOptions(libraryEntry(kind, name), options) };
}

function completeTrain(train: TrainDocument): TrainDocument {
  // A setting that is newer than documents of this version.
  const newer: Pick<TrainDocument, "on_divergence"> = { on_divergence: "stop" };
  return {
    ...newer,
    ...train,
    optimizers: train.optimizers.map(({ pattern, optimizer }) => ({
      pattern,
      optimizer: complete("optimizer", optimizer),
    })),
    balance: complete("balancer", train.balance),
    clip: train.clip && complete("clip", train.clip),
    stop: train.stop && complete("stopper", train.stop),
  };
}

function completeMeta({ algorithm, settings }: MetaDocument): MetaDocument {
  return {
    algorithm: complete("algorithm", algorithm),
    settings: readOptions({ name: "meta", parameters: episodeSettings }, settings),
  };
}

function completeData(data: DataDocument): DataDocument {
  return {
    ...data,
    sampler: complete("sampler", data.sampler),
    mappings: data.mappings.map((mapping) => ({
      ...mapping,
      transforms: mapping.transforms.map((transform) => complete("transform", transform)),
    })),
    split: { ...data.split, by: complete("split", data.split.by) },
  };
}
