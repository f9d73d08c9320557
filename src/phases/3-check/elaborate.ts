import { diagnostic, hasErrors, type Diagnostic } from "../../diagnostics/index.js";
import { taskColumn } from "../../model/episodes.js";
import { inputValueType } from "../../model/value-types.js";
import type { InputDocument } from "../../document/types.js";
import type { Span } from "../../source/index.js";
import type { InputDeclaration } from "../../syntax/ast.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import { applyBlock } from "./blocks.js";
import type { CheckedSpec, Declaration } from "./checked.js";
import type { Environment, Expansion } from "./environment.js";
import { unknown } from "./values.js";
import { createGraph, ExpansionLimit } from "./graph.js";
import { nameScope } from "./names.js";
import { expandItem, type Traced } from "./items.js";
import { readData } from "./data-section.js";
import { readBudget, readMeta, readTrains } from "./sections.js";
import { expandTask, type ExpandedTask } from "./tasks.js";
import { evaluateType } from "./types.js";
import { checkUnusedBlocks } from "./unused-blocks.js";
import { createValidator } from "./validator.js";

/** Expands blocks and copies, and infers every shape on the way. */
export function elaborate(spec: ResolvedSpec): { value: CheckedSpec; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const expansion: Expansion = {
    graph: createGraph(diagnostics),
    diagnostics,
    matches: spec.matches,
    validator: createValidator(),
    applyBlock,
  };
  const environment: Environment = {
    expansion,
    parent: undefined,
    values: new Map(),
    constants: spec.constants,
    depth: 0,
  };
  const places = new Map<string, Span>();
  const note = (pointer: string, span: Span) => void places.set(pointer, span);
  note("", spec.model?.name.span ?? { source: spec.source, start: 0, end: 0 });
  const model = expandModel(environment, spec, note);
  const holes = hasErrors(diagnostics);
  checkUnusedBlocks(environment, spec);
  const { nodes, nodePlaces, weightPlaces } = expansion.graph;
  nodePlaces.forEach((span, i) => note(`/nodes/${i}`, span));
  for (const [path, span] of weightPlaces) note(`/weights/${path}`, span);
  const meta = readMeta(environment, spec, note);
  return {
    value: {
      name: spec.model?.name.name ?? "",
      doc: spec.model?.doc,
      inputs: model.inputs,
      nodes,
      tasks: model.tasks.flatMap((t) => (t.task ? [t.task] : [])),
      train: readTrains(environment, spec, note),
      meta,
      data: readData(environment, spec, note, meta && taskColumn(meta)),
      budget: readBudget(environment, spec, note),
      places,
      declared: declaredNames(spec),
      holes,
      declarations: [...model.declarations, ...blockDeclarations(spec)],
    },
    diagnostics,
  };
}

function declaredNames(spec: ResolvedSpec): CheckedSpec["declared"] {
  const named = (kind: "input" | "task") =>
    (spec.model?.items ?? []).flatMap((item) => (item.kind === kind ? [item.name.name] : []));
  return { inputs: named("input"), tasks: named("task") };
}

interface ExpandedModel {
  readonly inputs: InputDocument[];
  readonly tasks: ExpandedTask[];
  readonly declarations: Declaration[];
}

function expandModel(
  environment: Environment,
  spec: ResolvedSpec,
  note: (pointer: string, span: Span) => void,
): ExpandedModel {
  const result: ExpandedModel = { inputs: [], tasks: [], declarations: [] };
  if (!spec.model) return result;
  const names = nameScope([]);
  let written = 0;
  const trace = (traced: Traced) => {
    const { what, name, span, value, applied } = traced;
    result.declarations.push({ what, name, span, value, ...(applied ? { used: applied() } : {}) });
  };
  const later: Traced[] = [];
  const taken = new Set<string>();
  try {
    for (const item of spec.model.items) {
      if (item.kind === "input") expandInput(environment, item, result, note);
      // A second declaration has been reported; expanding it would only add its echoes.
      else if (item.kind === "task" && (taken.has(item.name.name) || environment.values.has(item.name.name)))
        continue;
      else if (item.kind === "task") {
        taken.add(item.name.name);
        const task = expandTask(
          environment,
          spec.tasks.find((t) => t.declaration === item)!,
        );
        if (task.task)
          for (const [key, span] of task.spans) note(`/tasks/${written}${key && "/"}${key}`, span);
        if (task.task) written++;
        result.tasks.push(task);
        later.push(...task.traced);
      } else later.push(expandItem(environment, item, names));
    }
  } catch (error) {
    if (!(error instanceof ExpansionLimit)) throw error;
    environment.expansion.diagnostics.push(diagnostic("NN2024", error.span, { reason: error.reason }));
  }
  later.forEach(trace);
  if (result.tasks.length === 0 && !spec.model.items.some((item) => item.kind === "task")) {
    environment.expansion.diagnostics.push(
      diagnostic("NN4005", spec.model.name.span, { model: spec.model.name.name }),
    );
  }
  return result;
}

function expandInput(
  environment: Environment,
  item: InputDeclaration,
  result: ExpandedModel,
  note: (pointer: string, span: Span) => void,
): void {
  const type = evaluateType(environment, item.type, false);
  const name = item.name.name;
  const span = item.name.span;
  if (!type) {
    environment.values.set(name, unknown);
    return;
  }
  const value = { kind: "tensor", ref: name, type: inputValueType(type), span: item.type.span } as const;
  environment.values.set(name, value);
  note(`/inputs/${result.inputs.length}`, span);
  result.inputs.push({ name, ...(item.doc === undefined ? {} : { doc: item.doc }), type });
  result.declarations.push({ what: "input", name, span, value });
}

function blockDeclarations(spec: ResolvedSpec): Declaration[] {
  return [...spec.blocks.values()]
    .filter((block) => block.declaration.span.source === spec.source)
    .map(({ declaration }) => ({
      what: "block",
      name: declaration.name.name,
      span: declaration.name.span,
      value: unknown,
      used: spec.usedBlocks.has(declaration),
    }));
}
