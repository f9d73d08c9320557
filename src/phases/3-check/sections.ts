import { diagnostic } from "../../diagnostics/index.js";
import type { LimitDocument, MetaDocument, OptimizerDocument, TrainDocument } from "../../document/types.js";
import type { Component, Json } from "../../library/entry.js";
import { completeOptions } from "../../library/options.js";
import { trainSettings } from "../../library/sections.js";
import type { Span } from "../../source/index.js";
import type { Expression } from "../../syntax/ast.js";
import type { ResolvedSpec, ResolvedTrain } from "../2-resolve/resolved.js";
import type { Environment } from "./environment.js";
import { evaluateComponent, evaluateOptions, evaluateScalar } from "./options.js";

type Note = (pointer: string, span: Span) => void;

export function readTrains(environment: Environment, spec: ResolvedSpec, note: Note): TrainDocument[] {
  if (spec.train.length === 0) {
    const values = completeOptions({ parameters: trainSettings }, {});
    return [trainDocument("train", values, [{ pattern: null, optimizer: values["optimizer"] as Component }])];
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
  for (const setting of settings.patterned.filter(({ key }) => key.name === "optimizer")) {
    const optimizer = evaluateComponent(environment, setting.value as Expression);
    if (!optimizer) continue;
    note(`${pointer}/optimizers/${optimizers.length}`, setting.pattern!.span);
    optimizers.push({ pattern: setting.pattern!.segments.map((s) => s.name).join("."), optimizer });
  }
  const plain = settings.options.get("optimizer");
  if (plain || optimizers.length === 0) {
    note(`${pointer}/optimizers/${optimizers.length}`, plain?.value.span ?? section.keyword);
    optimizers.push({ pattern: null, optimizer: values["optimizer"] as Component });
  }
  return trainDocument(name, values, optimizers);
}

function trainDocument(
  name: string,
  values: Record<string, Json>,
  optimizers: OptimizerDocument[],
): TrainDocument {
  return {
    name,
    optimizers,
    freeze: values["freeze"] as string[],
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
  const options = evaluateOptions(environment, "meta", settings.parameters, settings.options);
  for (const [key, span] of options.spans) note(`/meta/${key}`, span);
  const { algorithm, ...rest } = completeOptions(settings, options.values);
  if (!algorithm || !options.good) return undefined;
  environment.expansion.diagnostics.push(
    diagnostic("NN5007", options.spans.get("algorithm")!, { algorithm: (algorithm as Component).name }),
  );
  return { algorithm: algorithm as Component, settings: rest };
}

const comparisons = ["parameters", "weights", "layers", "flops"];

export function readBudget(environment: Environment, spec: ResolvedSpec, note: Note): LimitDocument[] {
  const limits: LimitDocument[] = [];
  for (const limit of spec.budget?.limits ?? []) {
    if (!comparisons.includes(limit.quantity.name)) {
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
    limits.push({ quantity: limit.quantity.name, comparison: limit.comparison, value });
  }
  return limits;
}
