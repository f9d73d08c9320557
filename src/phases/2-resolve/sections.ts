import { dataSettings, metaSettings, trainSettings } from "../../library/sections.js";
import type { Span } from "../../source/index.js";
import type {
  Binding,
  BudgetSection,
  DataSection,
  MetaSection,
  Section,
  Setting,
  TrainSection,
  Tree,
} from "../../syntax/tree.js";
import { bindAs, bindQuietly } from "./bind.js";
import { declareBroken } from "./broken.js";
import { expect } from "./expect.js";
import { infer } from "./infer.js";
import type { Definition, Scope } from "./model.js";
import { CONSTANT } from "./parts.js";
import type { ResolvedTrain } from "./resolved.js";
import { checkName, declare, lookup, lookupTask, type Resolution } from "./scope.js";
import { resolveSettings } from "./settings.js";

/** The one section of a kind; any other is reported. */
export function single<K extends Section["kind"]>(
  r: Resolution,
  tree: Tree,
  kind: K,
): Extract<Section, { kind: K }> | undefined {
  const found = tree.sections.filter((s): s is Extract<Section, { kind: K }> => s.kind === kind);
  const [first, ...others] = found;
  for (const extra of first ? others : []) {
    const reason = `A spec has one \`${kind}\` section, and this is another`;
    const related = first ? [{ span: headOf(first), message: "the first one" }] : [];
    const reported = r.report.give("NN2019", headOf(extra), { reason }, { related });
    bindQuietly(r, emptyScope, extra, reported);
  }
  return first;
}

/** The name or keyword of a section, where a message stands better than on all of it. */
function headOf(section: Section): Span {
  if ("keyword" in section) return section.keyword;
  return "name" in section && section.name ? section.name.span : section.span;
}

/** In `label: category(ways)` the number of classes is that of an episode. */
export function declareWays(r: Resolution, scope: Scope, meta: MetaSection): Definition | undefined {
  const episode = meta.settings.find((setting) => setting.key.name === "episode")?.value;
  const entry = episode?.kind === "object" ? episode.entries.find((e) => e.key.name === "ways") : undefined;
  if (!entry || scope.names.has("ways")) return undefined;
  infer(r, scope, entry.value);
  if (r.model.kindOf(entry.value) !== "scalar") return undefined;
  const definition: Definition = {
    role: "a constant",
    name: "ways",
    kind: "scalar",
    fixed: true,
    declaration: entry.key,
    value: entry.value,
  };
  declare(r, scope, entry.key, definition);
  return definition;
}

export function resolveTrains(r: Resolution, scope: Scope, tree: Tree): ResolvedTrain[] {
  const sections = tree.sections.filter((s): s is TrainSection => s.kind === "train");
  const seen = new Map<string, TrainSection>();
  return sections.map((section) => {
    const name = section.name?.name ?? "train";
    const earlier = seen.get(name);
    if (section.name) {
      checkName(r, section.name);
      bindAs(r, section.name, "a train section", section.name);
    }
    if (earlier) {
      const reason = `There are two train sections called \`${name}\``;
      const hint = "Name them: `train warmup { … }`, `train finetune { … }`.";
      const related = [{ span: earlier.keyword, message: "the first one" }];
      r.report.give("NN2019", section.keyword, { reason }, { hint, related });
    }
    seen.set(name, section);
    declareBroken(r, scope, section);
    const { keyword: at, span: whole, settings } = section;
    const of = { section: "`train`", at, whole, settings, parameters: trainSettings };
    return { name, section, settings: resolveSettings(r, scope, of) };
  });
}

export function resolveMeta(r: Resolution, scope: Scope, section: MetaSection) {
  declareBroken(r, scope, section);
  const { keyword: at, span: whole, settings } = section;
  const of = { section: "`meta`", at, whole, settings, parameters: metaSettings };
  return { section, settings: resolveSettings(r, scope, of) };
}

export function resolveData(r: Resolution, scope: Scope, section: DataSection) {
  declareBroken(r, scope, section);
  const settings = section.items.filter((item): item is Setting => item.kind === "setting");
  const keys = new Set(dataSettings.map((parameter) => parameter.name));
  const misformed: string[] = [];
  for (const item of section.items) {
    if (item.kind !== "binding") continue;
    if (!keys.has(item.name.name) || isField(r, item.name.name) || item.name.name === "row_weight")
      resolveMapping(r, scope, item);
    else {
      reportSetting(r, item);
      misformed.push(item.name.name);
    }
  }
  const { keyword: at, span: whole } = section;
  const of = { section: "`data`", at, whole, settings, parameters: dataSettings, misformed };
  return { section, settings: resolveSettings(r, scope, of) };
}

function isField({ inside }: Resolution, name: string): boolean {
  return inside !== undefined && (lookup(inside, name) ?? lookupTask(inside, name)) !== undefined;
}

/** `from = "f.csv"` is a setting with the sign of a binding. */
export function reportSetting(r: Resolution, { name, value }: Binding): void {
  const hint = `Write \`${name.name}: …\`.`;
  const parameters = { what: "A setting", written: "=", needed: ":" };
  const reported = r.report.give("NN1013", name.span, parameters, { hint });
  r.model.bind(name, { role: "an option", name: name.name, kind: "unknown", reported });
  bindQuietly(r, emptyScope, value);
}

/** In a mapping the name is an input's or a task's, names on the right are columns, and what follows `|>` are transforms. */
function resolveMapping(r: Resolution, scope: Scope, { name, value }: Binding): void {
  const [columns, ...stages] = value.kind === "pipe" ? value.stages : [value];
  const { inside = scope } = r;
  const field = lookupTask(inside, name.name) ?? lookup(inside, name.name);
  if (field) r.model.bind(name, field);
  else bindAs(r, name, "unknown");
  for (const stage of stages) {
    infer(r, scope, stage);
    expect(r, scope, stage, { what: "component", of: "transform" });
  }
  if (columns) bindQuietly({ ...r, inside: emptyScope }, emptyScope, columns);
}

const emptyScope: Scope = {
  parent: undefined,
  names: new Map(),
  later: new Set(),
  tasks: new Map(),
  laterTasks: new Set(),
};

export function resolveBudget(r: Resolution, scope: Scope, section: BudgetSection): void {
  declareBroken(r, scope, section);
  for (const { quantity, value } of section.limits) {
    bindAs(r, quantity, "a word");
    infer(r, scope, value);
    expect(r, scope, value, CONSTANT);
  }
}
