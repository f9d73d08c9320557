import type {
  FreezingDocument,
  LimitDocument,
  MetaDocument,
  OptimizerDocument,
  TrainDocument,
} from "../../document/types.js";
import type { Component, Json } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { isJsonObject } from "../../library/json.js";
import { completeOptions, isComponent, readOptions } from "../../library/options.js";
import {
  episodeSettings,
  freezingSettings,
  trainSettings,
  type TrainSettings,
} from "../../library/sections.js";
import type { Span } from "../../source/index.js";
import { pathText } from "../2-resolve/misfits.js";
import type { ResolvedSpec, ResolvedTrain } from "../2-resolve/resolved.js";
import type { Environment } from "./environment.js";
import { constantOf } from "./constants.js";
import { evaluateOption, evaluateOptions, givenPlaces } from "./options.js";
import { Unknown } from "./values.js";

type Note = (pointer: string, span: Span) => void;

const trainOwner = { name: "train", parameters: trainSettings };

export function readTrains(environment: Environment, spec: ResolvedSpec, note: Note): TrainDocument[] {
  if (spec.train.length === 0) {
    const values = readOptions(trainOwner, {});
    return [trainDocument("train", values, [{ pattern: null, optimizer: values.optimizer }], [])];
  }
  return spec.train.map((train, i) => readTrain(environment, train, `/train/${i}`, note));
}

function readTrain(
  environment: Environment,
  { name, section, settings }: ResolvedTrain,
  pointer: string,
  note: Note,
): TrainDocument {
  note(pointer, section.keyword);
  const { parameters, options: given } = settings;
  const options = evaluateOptions(environment, { owner: "train", parameters, given });
  for (const [key, span] of givenPlaces(settings)) note(`${pointer}/${key}`, span);
  const values = readOptions(trainOwner, options.values);
  const optimizers: OptimizerDocument[] = [];
  const freezing: FreezingDocument[] = [];
  for (const setting of settings.patterned) {
    const pattern = pathText(setting.pattern);
    const value = evaluateOption(environment, "train", setting.parameter, setting.value);
    if (value instanceof Unknown) continue;
    if (isComponent(value)) {
      note(`${pointer}/optimizers/${optimizers.length}`, setting.pattern.span);
      optimizers.push({ pattern, optimizer: value });
    } else if (isJsonObject(value)) {
      note(`${pointer}/freezing/${freezing.length}`, setting.span);
      note(`${pointer}/freezing/${freezing.length}/pattern`, setting.pattern.span);
      freezing.push({ pattern, ...readOptions({ name: "freeze", parameters: freezingSettings }, value) });
    }
  }
  const plain = settings.options.get("optimizer");
  if (plain || optimizers.length === 0) {
    note(`${pointer}/optimizers/${optimizers.length}`, plain?.value.span ?? section.keyword);
    optimizers.push({ pattern: null, optimizer: values.optimizer });
  }
  return trainDocument(name, values, optimizers, freezing);
}

function trainDocument(
  name: string,
  { freeze, balance, clip, stop, epochs, batch, accumulate, shuffle, seed, on_divergence }: TrainSettings,
  optimizers: OptimizerDocument[],
  freezing: FreezingDocument[],
): TrainDocument {
  return {
    name,
    optimizers,
    freeze,
    freezing,
    balance,
    clip,
    stop,
    epochs,
    batch,
    accumulate,
    shuffle,
    seed,
    on_divergence,
  };
}

export function readMeta(environment: Environment, spec: ResolvedSpec, note: Note): MetaDocument | undefined {
  if (!spec.meta) return undefined;
  const { section, settings } = spec.meta;
  note("/meta", section.keyword);
  for (const train of spec.train) environment.expansion.report.give("NN5032", train.section.keyword, {});
  const { parameters, options: given } = settings;
  const options = evaluateOptions(environment, { owner: "meta", parameters, given });
  for (const [key, span] of givenPlaces(settings)) note(`/meta/${key}`, span);
  const { algorithm } = completeOptions(settings, options.values);
  if (algorithm === undefined || !isComponent(algorithm) || options.broken.size > 0) return undefined;
  const own = { ...ownOptimizer(algorithm), ...options.values };
  return { algorithm, settings: readOptions({ name: "meta", parameters: episodeSettings }, own) };
}

/** The outer optimizer of an algorithm that brings one along; a spec may name another. */
function ownOptimizer({ name, options }: Component): Record<string, Json> {
  const entry = libraryEntry("algorithm", name);
  const outer = "outer" in entry ? entry.outer?.(readOptions(entry, options)) : undefined;
  return outer ? { optimizer: outer } : {};
}

const comparisons = ["parameters", "weights", "layers", "flops"] as const;

export function readBudget(environment: Environment, spec: ResolvedSpec, note: Note): LimitDocument[] {
  const { report } = environment.expansion;
  const limits: LimitDocument[] = [];
  for (const { quantity, comparison, value: bound, span } of spec.budget?.limits ?? []) {
    const known = comparisons.find((name) => name === quantity.name);
    if (!known) {
      const hint = `There is ${comparisons.map((q) => `\`${q}\``).join(", ")}.`;
      report.give("NN5010", quantity.span, { quantity: quantity.name }, { hint });
      continue;
    }
    const value = constantOf(environment, bound);
    if (value instanceof Unknown) continue;
    if (typeof value !== "number" || value < 0) {
      report.give("NN2017", bound.span, { reason: "A budget is a number of at least 0" });
      continue;
    }
    note(`/budget/${limits.length}`, span);
    limits.push({ quantity: known, comparison, value });
  }
  return limits;
}
