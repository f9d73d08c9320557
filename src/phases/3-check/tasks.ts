import type { TaskDocument, TypeDocument } from "../../document/types.js";
import { listOf, nonNegative } from "../../library/kinds/values.js";
import { readOptions } from "../../library/options.js";
import { taskSettings, type TaskSettings } from "../../library/sections.js";
import { classCount, classWeightsProblem, outputProblem } from "../../model/task-problems.js";
import type { Span } from "../../source/index.js";
import type { Binding, SharedDeclaration, WeightDeclaration } from "../../syntax/tree.js";
import type { ResolvedTask } from "../2-resolve/resolved.js";
import { declaredBy, proofOf, valueOf, type Environment } from "./environment.js";
import { expandItem, type Traced } from "./items.js";
import { nameScope, topScope } from "./names.js";
import { evaluateOptions, givenPlaces } from "./options.js";
import { evaluateType } from "./types.js";
import { describeValue, Unknown, type ModelValue, type TensorValue } from "./values.js";

export interface ExpandedTask {
  readonly task: TaskDocument | Unknown;
  readonly traced: readonly Traced[];
  /** Spans by the keys of the task document. */
  readonly spans: ReadonlyMap<string, Span>;
}

/** Expands a task's bindings and reads its settings. */
export function expandTask(environment: Environment, resolved: ResolvedTask): ExpandedTask {
  const { declaration, settings } = resolved;
  const name = declaration.name.name;
  const names = nameScope(topScope(), name);
  const traced: Traced[] = [];
  let label: TypeDocument | Unknown | undefined;
  let output: ModelValue | undefined;
  const spans = new Map<string, Span>([["", declaration.name.span]]);
  for (const item of declaration.items) {
    if (item.kind === "setting") continue;
    if (item.kind === "label") {
      label = evaluateType(environment, item.type, true);
      spans.set("label", item.type.span);
      continue;
    }
    const one = expandItem(environment, item, names);
    if (item.name.name !== "output") traced.push(one);
    else {
      output ??= valueOf(environment, declaredBy(environment, item.name));
      spans.set("output", placeOfOutput(item));
    }
  }
  const { parameters, options: given } = settings;
  const options = evaluateOptions(environment, { owner: `task ${name}`, parameters, given });
  for (const [key, span] of givenPlaces(settings)) spans.set(key, span);
  const metrics = given.get("metrics")?.value;
  if (metrics?.kind === "list") metrics.items.forEach((item, i) => spans.set(`metrics/${i}`, item.span));
  const tensor = readOutput(environment, name, output, spans);
  const parts = { name, doc: declaration.doc, tensor, label, options, spans };
  return { task: taskDocument(environment, parts), traced, spans };
}

function placeOfOutput(item: Binding | SharedDeclaration | WeightDeclaration): Span {
  return item.kind === "binding" ? item.value.span : item.span;
}

interface TaskParts {
  readonly name: string;
  readonly doc: string | undefined;
  readonly tensor: TensorValue | Unknown;
  readonly label: TypeDocument | Unknown | undefined;
  readonly options: ReturnType<typeof evaluateOptions>;
  readonly spans: ReadonlyMap<string, Span>;
}

/** What is missing has been reported, here or by phase 2. */
function taskDocument(environment: Environment, parts: TaskParts): TaskDocument | Unknown {
  const { name, doc, tensor, label, options, spans } = parts;
  if (tensor instanceof Unknown) return tensor;
  if (tensor.tainted) return tensor.tainted;
  if (label instanceof Unknown) return label;
  if (!label) return new Unknown(proofOf(environment.expansion));
  const [broken] = [options.broken.get("loss")];
  if (broken) return broken;
  const { loss, metrics, weight, class_weights } = readOptions(
    { name: "task", parameters: taskSettings },
    options.values,
  );
  const classWeights = readClassWeights(environment, { name, label, given: class_weights, spans });
  return {
    name,
    ...(doc === undefined ? {} : { doc }),
    output: tensor.ref,
    label,
    loss,
    metrics,
    weight,
    class_weights: classWeights,
  };
}

function readOutput(
  environment: Environment,
  task: string,
  value: ModelValue | undefined,
  spans: ReadonlyMap<string, Span>,
): TensorValue | Unknown {
  const { report } = environment.expansion;
  const span = spans.get("output");
  if (value === undefined || span === undefined) return new Unknown(proofOf(environment.expansion));
  if (value.kind === "unknown") return value;
  const fail = (reason: string) => new Unknown(report.give("NN4007", span, { task, reason }));
  if (value.kind !== "tensor") return fail(`its output is ${describeValue(value)}, and must be one tensor`);
  const problem = outputProblem(value.type);
  return problem === undefined ? value : fail(problem);
}

const weights = listOf(nonNegative);

interface GivenWeights {
  readonly name: string;
  readonly label: TypeDocument;
  readonly given: TaskSettings["class_weights"];
  readonly spans: ReadonlyMap<string, Span>;
}

function readClassWeights(
  { expansion: { report } }: Environment,
  { name: task, label, given, spans }: GivenWeights,
): TaskDocument["class_weights"] {
  const span = spans.get("class_weights");
  if (given === null || !span) return null;
  const fail = (reason: string): null => {
    report.give("NN4006", span, { task, reason });
    return null;
  };
  const problem = classWeightsProblem(label, given);
  if (problem !== undefined) return fail(problem);
  if (given === "balanced") return "balanced";
  if (weights.is(given)) return given;
  const byName = new Map(Object.entries(given));
  const names = label.names ?? Array.from({ length: classCount(label) }, (_, i) => String(i));
  const known = new Set(names);
  const stranger = [...byName.keys()].find((key) => !known.has(key));
  if (stranger !== undefined)
    return fail(`there is no class \`${stranger}\` among ${names.slice(0, 10).join(", ")}`);
  return names.map((name) => byName.get(name) ?? 1);
}
