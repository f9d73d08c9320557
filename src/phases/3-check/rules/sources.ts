import { diagnostic, didYouMean, Hints, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { DataDocument, MappingDocument, TaskDocument } from "../../../document/types.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { isDefault } from "../../../library/options.js";
import { dataSettings } from "../../../library/sections.js";
import { has } from "../../../model/index-sets.js";
import { namedSources } from "../../../model/sources.js";
import type { Span } from "../../../source/index.js";
import type { Rule, Subject } from "./rule.js";
import { sourceMap, type SourceMap } from "./source-map.js";

/** Data files can be told apart, have what their tasks need, and are all of use. */
export const sources: Rule = (model, places) => {
  const { data, incomplete } = model.document;
  if (!data) return [];
  const names = namedSources(data);
  const found = [...told(data, places), ...known(data, names, places)];
  if (found.length > 0) return found;
  if (names.length === 0) return nothingToMix(data, places);
  const alike = sameTransforms(data, places);
  if (incomplete) return alike;
  const named = { model, data, names, map: sourceMap(data), places };
  return [...alike, ...ofUse(named), ...complete(named), ...sampled(named), ...statistics(named)];
};

/** Data files with names, and what each has columns for. */
interface Named {
  readonly model: Subject;
  readonly data: DataDocument;
  readonly names: readonly string[];
  readonly map: SourceMap;
  readonly places: Places;
}

function told({ sources: all }: DataDocument, places: Places): Diagnostic[] {
  const seen = new Set<string>();
  return all.flatMap(({ name }, i) => {
    const span = placeOf(places, `/data/sources/${i}`);
    if (name === null) {
      if (all.length === 1) return [];
      const hint = 'Write `from NAME: "file"` for each.';
      return [diagnostic("NN7062", span, { reason: "One of several data files has no name" }, { hint })];
    }
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [diagnostic("NN7062", span, { reason: `There are two data files called \`${name}\`` })];
  });
}

/** Every column names one of the sources, or none where they have no names. */
function known(data: DataDocument, names: readonly string[], places: Places): Diagnostic[] {
  const uses = [
    ...data.mappings
      // One without columns could not be read, and has been reported.
      .map(({ name, source, columns }, i) => ({
        name,
        source,
        read: columns.length > 0,
        at: `/data/mappings/${i}/columns`,
      }))
      .filter(({ read }) => read),
    ...data.row_weights.map(({ source }, i) => ({
      name: "row_weight",
      source,
      at: `/data/row_weights/${i}`,
    })),
  ];
  const declared = new Set(names);
  const hints = new Hints();
  return uses.flatMap(({ name, source, at }) => {
    const span = placeOf(places, at);
    if (source === null) {
      if (names.length === 0) return [];
      const hint = `For example \`${names[0]}.column\` or \`${names[0]}["a column"]\`.`;
      return [diagnostic("NN7061", span, { name }, { hint })];
    }
    if (declared.has(source)) return [];
    return [unknownSource(source, declared, hints, span)];
  });
}

/** What was meant by a source that is not declared. */
export function sourceHint(source: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return "The data file has no name; columns are written without one.";
  return didYouMean(source, names) ?? `There is ${[...names].map((name) => `\`${name}\``).join(", ")}.`;
}

function unknownSource(source: string, names: ReadonlySet<string>, hints: Hints, span: Span): Diagnostic {
  return diagnostic("NN7060", span, { source }, { hint: hints.find(() => sourceHint(source, names)) });
}

/** Settings that mix data files, given where there is one. */
function nothingToMix(data: DataDocument, places: Places): Diagnostic[] {
  return (["sampler", "batches"] as const)
    .filter((setting) => !isDefault(dataSettings, setting, data[setting]))
    .map((setting) => diagnostic("NN7069", placeOf(places, `/data/${setting}`), { setting }));
}

function sameTransforms({ mappings }: DataDocument, places: Places): Diagnostic[] {
  const first = new Map<string, MappingDocument>();
  const show = ({ transforms }: MappingDocument) => JSON.stringify(transforms);
  return mappings.flatMap((mapping, i) => {
    const { name, source } = mapping;
    const earlier = first.get(name);
    if (!earlier) first.set(name, mapping);
    if (!earlier || show(earlier) === show(mapping)) return [];
    const parameters = { name, first: String(earlier.source), second: String(source) };
    return [diagnostic("NN7068", placeOf(places, `/data/mappings/${i}/columns`), parameters)];
  });
}

function ofUse({ model, names, map, places }: Named): Diagnostic[] {
  const isTask = (name: string) => model.tasks.has(name);
  if ([...map.unread].some(isTask)) return [];
  return names.flatMap((source, i) => {
    for (const name of map.fieldsOf(source)) if (isTask(name)) return [];
    return [diagnostic("NN7067", placeOf(places, `/data/sources/${i}`), { source })];
  });
}

/** More sources without labels of one task are not told: one mistake, the label's type, is behind all of them. */
const MOST_TOLD = 10;

/** A source has every input that its tasks depend on; a task that it lacks has an optional label. */
function complete(named: Named): Diagnostic[] {
  const { model, names, map, places } = named;
  return model.document.tasks.flatMap((task, t) => {
    const at = map.firstOf(task.name);
    if (at === undefined) return [];
    const own = map.sourcesOf(task.name);
    const wanting = [...own].flatMap((source) => {
      const lacking = lackingInputs(named, source).filter((input) => has(model.reach.tasksOfValue(input), t));
      return lacksInputs(named, source, task, lacking);
    });
    if (task.label.optional || map.unread.has(task.name)) return wanting;
    const label = placeOf(places, `/data/mappings/${at}/columns`);
    const without: Diagnostic[] = [];
    for (const source of names) {
      if (without.length === MOST_TOLD) break;
      if (!own.has(source)) without.push(diagnostic("NN7065", label, { source, task: task.name }));
    }
    return [...wanting, ...without];
  });
}

/** The inputs that a source has no columns for. */
function lackingInputs({ model, map }: Named, source: string): string[] {
  return model.document.inputs.map(({ name }) => name).filter((name) => !map.has(source, name));
}

function lacksInputs(
  { map, places }: Named,
  source: string,
  task: TaskDocument,
  inputs: readonly string[],
): Diagnostic[] {
  const span = placeOf(places, `/data/mappings/${map.indexOf(task.name, source)}/columns`);
  return inputs.map((input) =>
    diagnostic(
      "NN7064",
      span,
      { source, task: task.name, input },
      { hint: `Add \`${input} = ${source}.COLUMN\`.` },
    ),
  );
}

function sampled({ model, data, names, map, places }: Named): Diagnostic[] {
  const { sampler } = libraryEntry("sampler", data.sampler.name);
  const { options } = data.sampler;
  const span = placeOf(places, "/data/sampler");
  const declared = new Set(names);
  const unknown = (sampler.mentioned?.(options) ?? []).filter((name) => !declared.has(name));
  const hints = new Hints();
  if (unknown.length > 0) return unknown.map((source) => unknownSource(source, declared, hints, span));
  const never = new Set(sampler.never?.(names, options) ?? []);
  if (never.size === 0) return [];
  return model.document.tasks.flatMap(({ name: task }) => {
    const own = [...map.sourcesOf(task)];
    if (own.length === 0 || own.some((source) => !never.has(source))) return [];
    const shown = own.map((source) => `\`${source}\``).join(" and ");
    const reason = `the sampler's share of ${shown} is 0`;
    return [diagnostic("NN7066", span, { task, reason }, { hint: `Give ${shown} a share.` })];
  });
}

/** Where rows of several sources are in a batch, a batch norm sees them all. */
function statistics({ model, data, names, map, places }: Named): Diagnostic[] {
  if (data.batches === "homogeneous") return [];
  const stateful = model.document.nodes.filter((node) => Object.keys(node.state).length > 0);
  if (stateful.length === 0) return [];
  return stateful.flatMap((node) => {
    const behind = model.inputsBehind.get(node.id);
    for (const source of names) {
      const input = model.document.inputs.find(({ name }, i) => has(behind, i) && !map.has(source, name));
      if (input === undefined) continue;
      const parameters = { node: node.id, input: input.name, source };
      return [diagnostic("NN7070", placeOf(places, "/data/batches"), parameters)];
    }
    return [];
  });
}
