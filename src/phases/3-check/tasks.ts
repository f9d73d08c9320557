import { diagnostic } from "../../diagnostics/index.js";
import type { TaskDocument, TypeDocument } from "../../document/types.js";
import type { Component, Json } from "../../library/entry.js";
import type { Span } from "../../source/index.js";
import type { ResolvedTask } from "../2-resolve/resolved.js";
import { childEnvironment, type Environment } from "./environment.js";
import type { TensorValue } from "./values.js";
import { nameScope } from "./names.js";
import { expandItem, type Traced } from "./items.js";
import { evaluateOptions } from "./options.js";
import { evaluateType } from "./types.js";

export interface ExpandedTask {
  readonly task: TaskDocument | undefined;
  readonly traced: readonly Traced[];
  /** Spans by the keys of the task document. */
  readonly spans: ReadonlyMap<string, Span>;
}

/** Expands a task's bindings and reads its settings. */
export function expandTask(model: Environment, resolved: ResolvedTask): ExpandedTask {
  const { declaration, settings } = resolved;
  const name = declaration.name.name;
  const environment = childEnvironment(model);
  const names = nameScope([name]);
  const traced: Traced[] = [];
  let label: TypeDocument | undefined;
  const spans = new Map<string, Span>([["", declaration.name.span]]);
  for (const item of declaration.items) {
    if (item.kind === "label") {
      label = evaluateType(environment, item.type, true);
      spans.set("label", item.type.span);
    } else if (item.kind !== "setting") {
      const one = expandItem(environment, item, names);
      model.values.set(`${name}.${item.name.name}`, one.value);
      if (item.name.name === "output")
        spans.set("output", item.kind === "binding" ? item.value.span : item.span);
      else traced.push(one);
    }
  }
  const options = evaluateOptions(environment, `task ${name}`, settings.parameters, settings.options);
  for (const [key, span] of options.spans) spans.set(key, span);
  const metrics = settings.options.get("metrics")?.value;
  if (metrics?.kind === "list") metrics.items.forEach((item, i) => spans.set(`metrics/${i}`, item.span));
  const output = environment.values.get("output");
  const tensor = readOutput(environment, name, output?.kind, output as TensorValue, spans);
  if (!tensor || !label || !options.values["loss"]) return { task: undefined, traced, spans };
  const classWeights = readClassWeights(
    environment,
    name,
    label,
    options.values["class_weights"] ?? null,
    spans,
  );
  return {
    task: {
      name,
      ...(declaration.doc === undefined ? {} : { doc: declaration.doc }),
      output: tensor.ref,
      label,
      loss: options.values["loss"] as Component,
      metrics: (options.values["metrics"] as Component[] | undefined) ?? [],
      weight: (options.values["weight"] as number | undefined) ?? 1,
      class_weights: classWeights,
    },
    traced,
    spans,
  };
}

function readOutput(
  environment: Environment,
  task: string,
  kind: string | undefined,
  value: TensorValue,
  spans: ReadonlyMap<string, Span>,
): TensorValue | undefined {
  if (kind === undefined || kind === "unknown") return undefined;
  const reason =
    kind !== "tensor"
      ? `its output is a ${kind}, and must be one tensor`
      : !value.type.batched
        ? "its output does not depend on any input"
        : value.type.dtype !== "float"
          ? "its output holds category indices, and must hold numbers"
          : undefined;
  if (reason === undefined) return value;
  environment.expansion.diagnostics.push(diagnostic("NN4007", spans.get("output")!, { task, reason }));
  return undefined;
}

function readClassWeights(
  environment: Environment,
  task: string,
  label: TypeDocument,
  given: Json,
  spans: ReadonlyMap<string, Span>,
): TaskDocument["class_weights"] {
  if (given === null) return null;
  const fail = (reason: string): null => {
    environment.expansion.diagnostics.push(
      diagnostic("NN4006", spans.get("class_weights")!, { task, reason }),
    );
    return null;
  };
  const classes = label.base === "binary" ? 2 : label.base === "category" ? label.classes! : 0;
  if (classes === 0) return fail(`a ${label.base} label has no classes`);
  if (given === "balanced") return "balanced";
  if (Array.isArray(given)) {
    return given.length === classes
      ? (given as number[])
      : fail(`${given.length} numbers for ${classes} classes`);
  }
  const byName = given as Record<string, number>;
  const names = label.names ?? Array.from({ length: classes }, (_, i) => String(i));
  const stranger = Object.keys(byName).find((key) => !names.includes(key));
  if (stranger !== undefined)
    return fail(`there is no class \`${stranger}\` among ${names.slice(0, 10).join(", ")}`);
  return names.map((n) => byName[n] ?? 1);
}
