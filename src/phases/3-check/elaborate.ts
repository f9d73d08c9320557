import { Report } from "../../diagnostics/index.js";
import { taskColumn } from "../../model/episodes.js";
import { inputValueType } from "../../model/value-types.js";
import type { InputDocument } from "../../document/types.js";
import type { Span } from "../../source/index.js";
import type { InputDeclaration, ModelSection } from "../../syntax/tree.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import { isBroken as isUnread } from "../2-resolve/scope.js";
import { Budget, ExpansionLimit } from "./budget.js";
import type { CheckedSpec, Declaration } from "./checked.js";
import { constantOf } from "./constants.js";
import { readData } from "./data-section.js";
import { childEnvironment, declaredBy, setValue, type Environment, type Expansion } from "./environment.js";
import { evaluate } from "./evaluate.js";
import { Graph } from "./graph.js";
import { expandItem, type Traced } from "./items.js";
import { topScope } from "./names.js";
import { SpecPlaces } from "./places.js";
import { affordable } from "./affordable.js";
import { readBudget, readMeta, readTrains } from "./sections.js";
import { expandTask, type ExpandedTask } from "./tasks.js";
import { evaluateType } from "./types.js";
import { checkUnusedBlocks } from "./unused-blocks.js";
import { Unknown, listOf } from "./values.js";

type Note = (pointer: string, span: Span) => void;

/** Expands blocks and copies, and infers every shape on the way. */
export function elaborate(spec: ResolvedSpec): { readonly value: CheckedSpec; readonly report: Report } {
  const expansion = startExpansion(spec);
  const { report } = expansion;
  const root: Environment = { expansion, parent: undefined, values: new Map(), depth: 0 };
  const environment = childEnvironment(root);
  const places = new SpecPlaces(expansion.graph);
  const note: Note = (pointer, span) => places.note(pointer, span);
  note("", spec.model?.name.span ?? { source: spec.source, start: 0, end: 0 });
  const model: ExpandedModel = { inputs: [], tasks: [], declarations: [] };
  bounded(expansion, model, () => {
    evaluateConstants(root, spec);
    if (spec.model) expandModel(environment, spec, spec.model, { model, places });
  });
  const holes = report.hasErrors;
  bounded(expansion, model, () => checkUnusedBlocks(root, spec));
  const { nodes, weights } = expansion.graph;
  const meta = readMeta(environment, spec, note);
  const value = {
    name: spec.model?.name.name ?? "",
    doc: spec.model?.doc,
    inputs: model.inputs,
    nodes,
    weights,
    tasks: model.tasks.flatMap(({ task }) => (task instanceof Unknown ? [] : [task])),
    train: affordable(expansion, spec, readTrains(environment, spec, note)),
    meta,
    data: readData(environment, spec, note, meta && taskColumn(meta)),
    budget: readBudget(environment, spec, note),
    places,
    declared: declaredNames(spec),
    trainUnread: new Set(
      spec.train.flatMap(({ section }, i) => (isUnread(spec.unread, section.span) ? [i] : [])),
    ),
    dataUnread: spec.data !== undefined && isUnread(spec.unread, spec.data.section.span),
    holes,
    declarations: [...model.declarations, ...blockDeclarations(spec)],
    values: expansion.recorded,
    work: expansion.budget.spent,
  };
  return { value, report };
}

function startExpansion(spec: ResolvedSpec): Expansion {
  const report = new Report();
  const budget = new Budget();
  return {
    graph: new Graph(report, budget),
    report,
    budget,
    semantics: spec.semantics,
    evaluate,
    recorded: new Map(),
    reported: spec.reported,
  };
}

/** What passes a bound ends with a message, and none of it is looked at further. */
function bounded({ report, graph }: Expansion, model: ExpandedModel, expand: () => void): void {
  try {
    expand();
  } catch (error) {
    if (!(error instanceof ExpansionLimit)) throw error;
    const { span, reason, hint } = error;
    report.give("NN2024", span, { reason }, { hint });
    graph.clear();
    for (const made of [model.tasks, model.declarations]) made.length = 0;
  }
}

function evaluateConstants(root: Environment, { constants }: ResolvedSpec): void {
  const { report } = root.expansion;
  for (const definition of constants) {
    if (!definition.value) continue;
    let value = constantOf(root, definition.value);
    if (definition.role === "a dimension" && !(value instanceof Unknown) && !isDimension(value)) {
      const reason = "A dimension is a whole number of at least 1";
      value = new Unknown(report.give("NN2017", definition.value.span, { reason }));
    }
    setValue(root, definition, value instanceof Unknown ? value : { kind: "scalar", value });
  }
}

function isDimension(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}

function declaredNames(spec: ResolvedSpec): CheckedSpec["declared"] {
  const named = (kind: "input" | "task") =>
    (spec.model?.items ?? []).flatMap((item) => (item.kind === kind ? [item.name.name] : []));
  const others = !spec.model || spec.model.broken.some((item) => item.name === undefined);
  const unread = (spec.model?.broken ?? []).flatMap(({ name }) => name?.name ?? []);
  return { inputs: named("input"), tasks: named("task"), unread, others };
}

interface ExpandedModel {
  readonly inputs: InputDocument[];
  readonly tasks: ExpandedTask[];
  readonly declarations: Declaration[];
}

interface Expanding {
  readonly model: ExpandedModel;
  readonly places: SpecPlaces;
}

function expandModel(
  environment: Environment,
  spec: ResolvedSpec,
  section: ModelSection,
  into: Expanding,
): void {
  const { model, places } = into;
  const { semantics, report } = environment.expansion;
  const names = topScope();
  const later: Traced[] = [];
  try {
    for (const item of section.items) {
      // A second declaration has been reported; expanding it would only add its echoes.
      if (semantics.isRefused(declaredBy(environment, item.name))) continue;
      if (item.kind === "input") expandInput(environment, item, into);
      else if (item.kind !== "task") later.push(expandItem(environment, item, names));
      else {
        const resolved = spec.tasks.get(item);
        if (!resolved) throw new Error(`phase 2 has left out the task ${item.name.name}`);
        for (const each of addTask(expandTask(environment, resolved), model, places)) later.push(each);
      }
    }
  } finally {
    for (const { what, name, span, value, applied } of later)
      model.declarations.push({ what, name, span, value, used: applied?.() });
  }
  // What could not be read may well be a task.
  const isBroken = section.broken.length > 0 || isUnread(spec.unread, section.span);
  if (!section.items.some((item) => item.kind === "task") && !isBroken)
    report.give("NN4005", section.name.span, { model: section.name.name });
}

function addTask(task: ExpandedTask, model: ExpandedModel, places: SpecPlaces): readonly Traced[] {
  if (!(task.task instanceof Unknown)) places.noteTask(task.spans);
  model.tasks.push(task);
  return task.traced;
}

function expandInput(environment: Environment, item: InputDeclaration, { model, places }: Expanding): void {
  const type = evaluateType(environment, item.type, false);
  const name = item.name.name;
  const span = item.name.span;
  const definition = declaredBy(environment, item.name);
  if (type instanceof Unknown) {
    setValue(environment, definition, type);
    return;
  }
  const value = { kind: "tensor", ref: name, type: inputValueType(type), span: item.type.span } as const;
  setValue(environment, definition, value);
  places.note(`/inputs/${model.inputs.length}`, span);
  model.inputs.push({ name, ...(item.doc === undefined ? {} : { doc: item.doc }), type });
  model.declarations.push({ what: "input", name, span, value });
}

function blockDeclarations(spec: ResolvedSpec): Declaration[] {
  return spec.blocks.map(({ declaration }) => ({
    what: "block",
    name: declaration.name.name,
    span: declaration.name.span,
    value: listOf([]),
    used: spec.usedBlocks.has(declaration),
  }));
}
