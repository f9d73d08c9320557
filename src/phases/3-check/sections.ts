import { diagnostic } from "../../diagnostics/index.js";
import type {
  FreezingDocument,
  LimitDocument,
  MetaDocument,
  OptimizerDocument,
  TrainDocument,
} from "../../document/types.js";
import type { Component, Json } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { completeOptions, readOptions } from "../../library/options.js";
import { episodeSettings, trainSettings } from "../../library/sections.js";
import type { Span } from "../../source/index.js";
import type { Expression, Setting } from "../../syntax/ast.js";
import type { ResolvedSpec, ResolvedTrain } from "../2-resolve/resolved.js";
import type { Environment } from "./environment.js";
import { evaluateOption, evaluateOptions, evaluateScalar } from "./options.js";

type Note = (pointer: string, span: Span) => void;

export function readTrains(environment: Environment, spec: ResolvedSpec, note: Note): TrainDocument[] {
  if (spec.train.length === 0) {
    const values = completeOptions({ parameters: trainSettings }, {});
    const optimizer = { pattern: null, optimizer: values["optimizer"] as Component };
    return [trainDocument("train", values, [optimizer], [])];
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
  const options = evaluateOptions(environment, "train", settings.parameters, settings.options);
  for (const [key, span] of options.spans) note(`${pointer}/${key}`, span);
  const values = completeOptions(settings, options.values);
  const optimizers: OptimizerDocument[] = [];
  const freezing: FreezingDocument[] = [];
  for (const setting of settings.patterned) {
    const pattern = setting.pattern!.segments.map((s) => s.name).join(".");
    const value = readPatterned(environment, settings, setting);
    if (value === undefined) continue;
    if (setting.key.name === "optimizer") {
      note(`${pointer}/optimizers/${optimizers.length}`, setting.pattern!.span);
      optimizers.push({ pattern, optimizer: value as Component });
    } else {
      note(`${pointer}/freezing/${freezing.length}`, setting.span);
      note(`${pointer}/freezing/${freezing.length}/pattern`, setting.pattern!.span);
      freezing.push({ pattern, ...(value as Pick<FreezingDocument, "from" | "until">) });
    }
  }
  const plain = settings.options.get("optimizer");
  if (plain || optimizers.length === 0) {
    note(`${pointer}/optimizers/${optimizers.length}`, plain?.value.span ?? section.keyword);
    optimizers.push({ pattern: null, optimizer: values["optimizer"] as Component });
  }
  return trainDocument(name, values, optimizers, freezing);
}

/** What a setting with a pattern says of the weights that the pattern names. */
function readPatterned(
  environment: Environment,
  { parameters }: ResolvedTrain["settings"],
  { key, value }: Setting,
): Json | undefined {
  const { patterned } = parameters.find((p) => p.name === key.name)!;
  return evaluateOption(environment, "train", patterned!, value as Expression);
}

function trainDocument(
  name: string,
  values: Record<string, Json>,
  optimizers: OptimizerDocument[],
  freezing: FreezingDocument[],
): TrainDocument {
  return {
    name,
    optimizers,
    freeze: values["freeze"] as string[],
    freezing,
    balance: values["balance"] as Component,
    clip: values["clip"] as Component | null,
    stop: values["stop"] as Component | null,
    epochs: values["epochs"] as number,
    batch: values["batch"] as number | "full",
    accumulate: values["accumulate"] as number,
    shuffle: values["shuffle"] as boolean,
    seed: values["seed"] as number,
  };
}

export function readMeta(environment: Environment, spec: ResolvedSpec, note: Note): MetaDocument | undefined {
  if (!spec.meta) return undefined;
  const { section, settings } = spec.meta;
  note("/meta", section.keyword);
  for (const train of spec.train)
    environment.expansion.diagnostics.push(diagnostic("NN5032", train.section.keyword, {}));
  const options = evaluateOptions(environment, "meta", settings.parameters, settings.options);
  for (const [key, span] of options.spans) note(`/meta/${key}`, span);
  const algorithm = completeOptions(settings, options.values)["algorithm"] as Component | undefined;
  if (!algorithm || !options.good) return undefined;
  const given = { ...ownOptimizer(algorithm), ...options.values };
  return { algorithm, settings: readOptions({ name: "meta", parameters: episodeSettings }, given) };
}

/** The outer optimizer of an algorithm that brings one along; a spec may name another. */
function ownOptimizer({ name, options }: Component): Record<string, Json> {
  const entry = libraryEntry("algorithm", name);
  const outer = "outer" in entry ? entry.outer?.(readOptions(entry, options)) : undefined;
  return outer ? { optimizer: outer } : {};
}

const comparisons = ["parameters", "weights", "layers", "flops"] as const;

export function readBudget(environment: Environment, spec: ResolvedSpec, note: Note): LimitDocument[] {
  const limits: LimitDocument[] = [];
  for (const limit of spec.budget?.limits ?? []) {
    const quantity = comparisons.find((name) => name === limit.quantity.name);
    if (!quantity) {
      environment.expansion.diagnostics.push(
        diagnostic(
          "NN5010",
          limit.quantity.span,
          { quantity: limit.quantity.name },
          {
            hint: `There is ${comparisons.map((q) => `\`${q}\``).join(", ")}.`,
          },
        ),
      );
      continue;
    }
    const value = evaluateScalar(environment, limit.value);
    if (typeof value !== "number") {
      if (value !== undefined) {
        environment.expansion.diagnostics.push(
          diagnostic("NN2017", limit.value.span, { reason: "A budget is a number" }),
        );
      }
      continue;
    }
    note(`/budget/${limits.length}`, limit.span);
    limits.push({ quantity, comparison: limit.comparison, value });
  }
  return limits;
}
