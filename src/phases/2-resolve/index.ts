import { Report, suggestions, type Diagnostic } from "../../diagnostics/index.js";
import { taskSettings } from "../../library/sections.js";
import type { Source } from "../../source/index.js";
import type { Binding, ModelSection, Setting, TaskDeclaration, Tree } from "../../syntax/tree.js";
import type { CompileContext, PhaseResult } from "../context.js";
import { bindAs } from "./bind.js";
import { declareBroken } from "./broken.js";
import { folderOf, resolveFile, unreadOf, type Loader, type ResolvedFile } from "./files.js";
import { resolveItem, resolveType } from "./items.js";
import { SemanticModel, type Definition, type Scope } from "./model.js";
import type { ResolvedSpec, ResolvedTask } from "./resolved.js";
import {
  checkName,
  childScope,
  declare,
  declareTask,
  isBroken,
  libraryLayer,
  lookup,
  type Resolution,
} from "./scope.js";
import {
  declareWays,
  resolveBudget,
  resolveData,
  resolveMeta,
  reportSetting,
  resolveTrains,
  single,
} from "./sections.js";
import { resolveSettings } from "./settings.js";

/** Phase 2: finds what every name means, reads imports, and sorts every call's arguments. */
export function resolve(
  tree: Tree,
  source: Source,
  context: CompileContext & { readonly parsed: readonly Diagnostic[] },
): PhaseResult<ResolvedSpec> {
  const report = new Report();
  const [unread] = context.parsed.map((found) => new Report().add(found));
  const r: Resolution = {
    report,
    model: new SemanticModel(),
    usedBlocks: new Set(),
    library: new Map(),
    signatures: new Map(),
    ...unreadOf(source, context.parsed, unread),
  };
  const loader: Loader = {
    resolution: r,
    read: context.read,
    files: new Map([[context.path, undefined]]),
    trail: [context.path],
    folder: folderOf(context.path),
    constants: [],
    characters: source.text.length,
  };
  const file = resolveFile(loader, r, tree, context.path);
  const sections = resolveSections(r, tree, source, { file, loader });
  const { blocks } = file;
  const { constants } = loader;
  const reported = report.proof ?? r.unread;
  const value = {
    source,
    semantics: r.model,
    ...sections,
    constants,
    blocks,
    usedBlocks: r.usedBlocks,
    unread: r,
    reported,
  };
  return { value, diagnostics: report.diagnostics, more: report.more };
}

function resolveSections(
  r: Resolution,
  tree: Tree,
  source: Source,
  { file, loader }: { readonly file: ResolvedFile; readonly loader: Loader },
) {
  const { scope } = file;
  const meta = single(r, tree, "meta");
  const ways = meta && declareWays(r, scope, meta);
  if (ways) loader.constants.push(ways);
  const model = single(r, tree, "model");
  if (!model && r.unread === undefined) reportNoModel(r, source);
  const inside = model ? modelScope(r, scope, model) : scope;
  const tasks = model ? resolveModel(r, inside, model) : new Map<TaskDeclaration, ResolvedTask>();
  const data = single(r, tree, "data");
  const budget = single(r, tree, "budget");
  const outside = { ...r, inside };
  const train = resolveTrains(outside, scope, tree);
  if (budget) resolveBudget(r, scope, budget);
  return {
    model,
    tasks,
    train,
    meta: meta && resolveMeta(outside, scope, meta),
    data: data && resolveData(outside, scope, data),
    budget,
  };
}

function reportNoModel(r: Resolution, source: Source): void {
  const reason = source.text.trim() === "" ? "The file is empty" : "The spec declares no model";
  const hint =
    "`nnc init` writes a spec to start from; the least one is `model NAME { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }`.";
  r.report.give("NN2019", { source, start: 0, end: Math.min(source.text.length, 1) }, { reason }, { hint });
}

function modelScope(r: Resolution, file: Scope, model: ModelSection): Scope {
  const named = (tasks: boolean) =>
    model.items.flatMap((item) => ((item.kind === "task") === tasks ? [item.name.name] : []));
  return r.model.openScope(model, childScope(file, named(false), named(true)));
}

function resolveModel(r: Resolution, scope: Scope, model: ModelSection): Map<TaskDeclaration, ResolvedTask> {
  const tasks = new Map<TaskDeclaration, ResolvedTask>();
  checkName(r, model.name);
  bindAs(r, model.name, "a model", model.name);
  declareBroken(r, scope, model);
  for (const item of model.items) {
    if (item.kind === "input") {
      resolveType(r, scope, item.type);
      declare(r, scope, item.name, {
        role: "an input",
        name: item.name.name,
        kind: "tensor",
        declaration: item.name,
      });
    } else if (item.kind === "task") tasks.set(item, resolveTask(r, scope, item));
    else resolveItem(r, scope, item);
  }
  return tasks;
}

/** Of a task without an output: what may be it under another name, or what to write. */
function outputHint(names: readonly string[]): string {
  const [near] = suggestions("output", names);
  return near === undefined
    ? "Add `output = …`, the tensor that the task predicts with."
    : `Is it \`${near}\`? The tensor that a task predicts with is called \`output\`.`;
}

/** `loss = mse` in a task: a binding holds a tensor, and what is written here is none. */
function isMisformed(
  scope: Scope,
  { name: { name }, value }: Binding,
  settings: readonly Setting[],
): boolean {
  if (settings.some(({ key }) => key.name === name)) return false;
  if (name === "metrics") return value.kind === "list";
  const path = value.kind === "call" ? value.callee : value;
  const [first] = path.kind === "path" ? path.segments : [];
  return (
    name === "loss" && first !== undefined && !lookup(scope, first.name) && !libraryLayer(scope, first.name)
  );
}

/** Resolves what a task declares; gives the keys of settings that are written like bindings. */
function resolveTaskItems(
  r: Resolution,
  scope: Scope,
  task: TaskDeclaration,
  settings: readonly Setting[],
): string[] {
  const misformed: string[] = [];
  for (const item of task.items) {
    if (item.kind === "setting") continue;
    if (item.kind === "label") {
      bindAs(r, item.key, "an option");
      resolveType(r, scope, item.type);
    } else if (item.kind === "binding" && isMisformed(scope, item, settings)) {
      reportSetting(r, item);
      misformed.push(item.name.name);
    } else resolveItem(r, scope, item, item.name.name === "output");
  }
  return misformed;
}

function resolveTask(outside: Resolution, modelScope: Scope, task: TaskDeclaration): ResolvedTask {
  const r = { ...outside, task: task.name.name };
  const names: string[] = [];
  const settings: Setting[] = [];
  for (const item of task.items)
    if (item.kind === "setting") settings.push(item);
    else if (item.kind !== "label") names.push(item.name.name);
  const scope = r.model.openScope(task, childScope(modelScope, names));
  const { name } = task.name;
  const definition: Definition = {
    role: "a task",
    name,
    kind: "unknown",
    declaration: task.name,
    members: scope.names,
  };
  declareBroken(r, scope, task);
  const misformed = resolveTaskItems(r, scope, task, settings);
  const section = `task \`${name}\``;
  if (!names.includes("output")) missing(r, task, "output", outputHint(names));
  if (!task.items.some((item) => item.kind === "label") && !settings.some(isMeantAsLabel))
    missing(r, task, "label", "Add `label: float`, `label: binary` or `label: category(…)`.");
  const of = {
    section,
    at: task.name.span,
    whole: task.span,
    parameters: taskSettings,
    settings,
    others: ["label"],
    misformed,
  };
  const resolved = resolveSettings(r, scope, of);
  declareTask(r, modelScope, task.name, definition);
  return { declaration: task, definition, settings: resolved };
}

/** `lable: float`, which is told as an unknown key. */
function isMeantAsLabel({ key: { name } }: Setting): boolean {
  const known = taskSettings.map((parameter) => parameter.name);
  return !known.includes(name) && suggestions(name, [...known, "label"]).includes("label");
}

function missing(r: Resolution, task: TaskDeclaration, key: string, hint: string): void {
  // What could not be read may well be what seems to be missing.
  if (isBroken(r, task.span)) return;
  r.report.give("NN2022", task.name.span, { key, section: `task \`${task.name.name}\`` }, { hint });
}
