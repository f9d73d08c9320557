import { diagnostic } from "../../diagnostics/index.js";
import { dataSettings, metaSettings, taskSettings, trainSettings } from "../../library/sections.js";
import { positionAt, type Source, type Span } from "../../source/index.js";
import type {
  Binding,
  DataSection,
  MetaSection,
  ModelSection,
  Section,
  Setting,
  TaskDeclaration,
  TrainSection,
  Tree,
} from "../../syntax/tree.js";
import type { CompileContext, PhaseResult } from "../context.js";
import { evaluateConstant } from "./constants.js";
import { resolveFile, resolveItem, type Loader, type ResolvedFile } from "./files.js";
import type { ResolvedSpec, ResolvedTask, ResolvedTrain } from "./resolved.js";
import { childScope, declare, isBroken, type Resolution, type Scope } from "./scope.js";
import { resolveComponent } from "./options.js";
import { resolveSettings } from "./settings.js";
import { resolveTypeNames } from "./types.js";
import { resolveFunction } from "./values.js";

/** Phase 2: finds what every name means, reads imports, and sorts every call's arguments. */
export function resolve(ast: Tree, source: Source, context: CompileContext): PhaseResult<ResolvedSpec> {
  const r: Resolution = {
    diagnostics: [],
    matches: new Map(),
    usedBlocks: new Set(),
    brokenText: (context.broken ?? []).map(linesOf).join("\n").slice(0, 100_000),
    brokenSpans: context.broken ?? [],
    resolveFunction: (scope, expression) => resolveFunction(r, scope, expression),
  };
  const loader: Loader = {
    resolution: r,
    read: context.read,
    files: new Map([[context.path, undefined]]),
    trail: [context.path],
  };
  const file = resolveFile(loader, ast, context.path);
  const meta = single(r, ast, "meta");
  if (meta) declareWays(r, file, meta);
  const model = single(r, ast, "model");
  const broken = context.broken ?? [];
  if (!model && broken.length === 0) reportNoModel(r, source);
  const modelScope = childScope(file.scope, model ? itemNames(model) : [], model ? taskNames(model) : []);
  const tasks = model ? resolveModel(r, modelScope, model) : [];
  const data = single(r, ast, "data");
  return {
    value: {
      source,
      model,
      tasks,
      train: resolveTrains(r, file.scope, ast),
      meta: meta && {
        section: meta,
        settings: resolveSettings(
          r,
          file.scope,
          "`meta`",
          meta.keyword,
          metaSettings,
          meta.settings,
          meta.span,
        ),
      },
      data: data && resolveData(r, file.scope, data),
      budget: single(r, ast, "budget"),
      constants: file.constants,
      blocks: file.blocks,
      usedBlocks: r.usedBlocks,
      matches: r.matches,
    },
    diagnostics: r.diagnostics,
  };
}

function single<K extends Section["kind"]>(
  r: Resolution,
  ast: Tree,
  kind: K,
): Extract<Section, { kind: K }> | undefined {
  const found = ast.sections.filter((s): s is Extract<Section, { kind: K }> => s.kind === kind);
  for (const extra of found.slice(1)) {
    r.diagnostics.push(
      diagnostic(
        "NN2019",
        headOf(extra),
        { reason: `A spec has one \`${kind}\` section, and this is another` },
        {
          related: [{ span: headOf(found[0]!), message: "the first one" }],
        },
      ),
    );
  }
  return found[0];
}

/** The whole lines that a place touches. */
function linesOf({ source, start, end }: Span): string {
  const [first, last] = [positionAt(source, start).line, positionAt(source, end).line];
  return source.text.slice(source.lineStarts[first], source.lineStarts[last + 1]);
}

/** In `label: category(ways)` the number of classes is that of an episode. */
function declareWays(r: Resolution, file: ResolvedFile, meta: MetaSection): void {
  const episode = meta.settings.find((setting) => setting.key.name === "episode")?.value;
  const entry = episode?.kind === "object" ? episode.entries.find((e) => e.key.name === "ways") : undefined;
  if (!entry || file.scope.names.has("ways")) return;
  const value = evaluateConstant(entry.value, (name) => file.constants.get(name), []);
  if (value === undefined) return;
  declare(r, file.scope, entry.key, { role: "a constant", kind: "scalar", span: entry.key.span });
  file.constants.set("ways", value);
}

/** The name or keyword of a section, where a message stands better than on all of it. */
function headOf(section: Section): Span {
  if ("keyword" in section) return section.keyword;
  return "name" in section && section.name ? section.name.span : section.span;
}

function reportNoModel(r: Resolution, source: Source): void {
  const empty = source.text.trim() === "";
  r.diagnostics.push(
    diagnostic(
      "NN2019",
      { source, start: 0, end: Math.min(source.text.length, 1) },
      { reason: empty ? "The file is empty" : "The spec declares no model" },
      {
        hint: "`nnc init` writes a spec to start from; the least one is `model NAME { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }`.",
      },
    ),
  );
}

function itemNames(model: ModelSection): string[] {
  return model.items.flatMap((item) => (item.kind === "task" ? [] : [item.name.name]));
}

function taskNames(model: ModelSection): string[] {
  return model.items.flatMap((item) => (item.kind === "task" ? [item.name.name] : []));
}

function resolveModel(r: Resolution, scope: Scope, model: ModelSection): ResolvedTask[] {
  const tasks: ResolvedTask[] = [];
  for (const item of model.items) {
    if (item.kind === "input") {
      resolveTypeNames(r, scope, item.type);
      declare(r, scope, item.name, { role: "an input", kind: "tensor", span: item.name.span });
    } else if (item.kind === "task") tasks.push(resolveTask(r, scope, item));
    else resolveItem(r, scope, item);
  }
  return tasks;
}

function resolveTask(r: Resolution, modelScope: Scope, task: TaskDeclaration): ResolvedTask {
  declare(r, modelScope, task.name, { role: "a task", kind: "unknown", span: task.name.span });
  const names = task.items.flatMap((item) => (item.kind === "setting" || item.kind === "label" ? [] : [item.name.name]));
  const scope = childScope(modelScope, names);
  const settings: Setting[] = [];
  let labelled = false;
  for (const item of task.items) {
    if (item.kind === "setting") settings.push(item);
    else if (item.kind === "label") {
      labelled = true;
      resolveTypeNames(r, scope, item.type);
    } else resolveItem(r, scope, item);
  }
  const section = `task \`${task.name.name}\``;
  const missing = (key: string, hint: string) => {
    // What could not be read may well be what seems to be missing.
    if (isBroken(r, task.span)) return;
    r.diagnostics.push(diagnostic("NN2022", task.name.span, { key, section }, { hint }));
  };
  if (!names.includes("output"))
    missing("output", "Add `output = …`, the tensor that the task predicts with.");
  if (!labelled)
    missing("label", "Add `label: float`, `label: binary` or `label: category(…)`.");
  const resolved = resolveSettings(r, scope, section, task.name.span, taskSettings, settings, task.span, ["label"]);
  modelScope.tasks.set(task.name.name, task.name.span);
  return { declaration: task, settings: resolved };
}

function resolveTrains(r: Resolution, scope: Scope, ast: Tree): ResolvedTrain[] {
  const sections = ast.sections.filter((s): s is TrainSection => s.kind === "train");
  const seen = new Map<string, TrainSection>();
  return sections.map((section) => {
    const name = section.name?.name ?? "train";
    const earlier = seen.get(name);
    if (earlier) {
      r.diagnostics.push(
        diagnostic(
          "NN2019",
          section.keyword,
          { reason: `There are two train sections called \`${name}\`` },
          {
            hint: "Name them: `train warmup { … }`, `train finetune { … }`.",
            related: [{ span: earlier.keyword, message: "the first one" }],
          },
        ),
      );
    }
    seen.set(name, section);
    return {
      name,
      section,
      settings: resolveSettings(
        r,
        scope,
        "`train`",
        section.keyword,
        trainSettings,
        section.settings,
        section.span,
      ),
    };
  });
}

function resolveData(r: Resolution, scope: Scope, section: DataSection) {
  const settings = section.items.filter((item): item is Setting => item.kind === "setting");
  for (const item of section.items) if (item.kind === "binding") resolveMapping(r, scope, item);
  return {
    section,
    settings: resolveSettings(r, scope, "`data`", section.keyword, dataSettings, settings, section.span),
  };
}

/** In a mapping, names are columns, and what follows `|>` are transforms. */
function resolveMapping(r: Resolution, scope: Scope, item: Binding): void {
  const stages = item.value.kind === "pipe" ? item.value.stages.slice(1) : [];
  for (const stage of stages) resolveComponent(r, scope, "transform", stage);
}
