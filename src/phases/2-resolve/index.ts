import { Report, type Diagnostic } from "../../diagnostics/index.js";
import type { Source } from "../../source/index.js";
import type { ModelSection, TaskDeclaration, Tree } from "../../syntax/tree.js";
import type { CompileContext, PhaseResult } from "../context.js";
import { bindAs } from "./bind.js";
import { declareBroken } from "./broken.js";
import { folderOf, resolveFile, unreadOf, type Loader, type ResolvedFile } from "./files.js";
import { resolveItem, resolveType } from "./items.js";
import { SemanticModel, type Scope } from "./model.js";
import type { ResolvedSpec, ResolvedTask } from "./resolved.js";
import { checkName, childScope, declare, type Resolution } from "./scope.js";
import { declareWays, resolveBudget, resolveData, resolveMeta, resolveTrains, single } from "./sections.js";
import { resolveTask } from "./tasks.js";

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
