import { diagnostic, didYouMean, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import { namedSources } from "../../../document/sources.js";
import type { DataDocument, MappingDocument } from "../../../document/types.js";
import { reachOf } from "../../../document/weights.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Span } from "../../../source/index.js";
import type { Rule, RuleSubject } from "./rule.js";

/** Data files can be told apart, have what their tasks need, and are all of use. */
export const sources: Rule = (subject, places) => {
  const { data } = subject;
  if (!data) return [];
  const names = namedSources(data);
  const found = [...told(data, places), ...known(data, names, places)];
  if (found.length > 0) return found;
  if (names.length === 0) return nothingToMix(data, places);
  const alike = sameTransforms(data, places);
  if (subject.incomplete) return alike;
  return [
    ...alike,
    ...ofUse(subject, data, names, places),
    ...complete(subject, data, names, places),
    ...sampled(subject, data, names, places),
    ...statistics(subject, data, names, places),
  ];
};

function told({ sources: all }: DataDocument, places: Places): Diagnostic[] {
  return all.flatMap(({ name }, i) => {
    const span = placeOf(places, `/data/sources/${i}`);
    if (name === null) {
      if (all.length === 1) return [];
      const hint = 'Write `from NAME: "file"` for each.';
      return [diagnostic("NN7062", span, { reason: "One of several data files has no name" }, { hint })];
    }
    if (!all.slice(0, i).some((other) => other.name === name)) return [];
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
  return uses.flatMap(({ name, source, at }) => {
    const span = placeOf(places, at);
    if (source === null) {
      if (names.length === 0) return [];
      const hint = `For example \`${names[0]}.column\` or \`${names[0]}["a column"]\`.`;
      return [diagnostic("NN7061", span, { name }, { hint })];
    }
    if (names.includes(source)) return [];
    return [unknownSource(source, names, span)];
  });
}

/** What to say of a source that is not declared. */
export function unknownSource(source: string, names: readonly string[], span: Span): Diagnostic {
  const known =
    names.length === 0
      ? "The data file has no name; columns are written without one."
      : `There is ${names.map((name) => `\`${name}\``).join(", ")}.`;
  return diagnostic("NN7060", span, { source }, { hint: didYouMean(source, names) ?? known });
}

function nothingToMix({ sampler, batches }: DataDocument, places: Places): Diagnostic[] {
  const settings = [
    ...(sampler.name === "proportional" ? [] : ["sampler"]),
    ...(batches === "mixed" ? [] : ["batches"]),
  ];
  return settings.map((setting) => diagnostic("NN7069", placeOf(places, `/data/${setting}`), { setting }));
}

function sameTransforms({ mappings }: DataDocument, places: Places): Diagnostic[] {
  const show = ({ transforms }: MappingDocument) => JSON.stringify(transforms);
  return mappings.flatMap((mapping, i) => {
    const first = mappings.slice(0, i).find(({ name }) => name === mapping.name);
    if (!first || show(first) === show(mapping)) return [];
    const parameters = { name: mapping.name, first: first.source!, second: mapping.source! };
    return [diagnostic("NN7068", placeOf(places, `/data/mappings/${i}/columns`), parameters)];
  });
}

/** The names that a source has columns for, or might have where they could not be read. */
function mappedFrom({ mappings }: DataDocument, source: string): Set<string> {
  const own = mappings.filter((m) => m.source === source || m.columns.length === 0);
  return new Set(own.map((m) => m.name));
}

function sourcePlace(data: DataDocument, source: string): string {
  return `/data/sources/${data.sources.findIndex(({ name }) => name === source)}`;
}

function ofUse(
  { tasks }: RuleSubject,
  data: DataDocument,
  names: readonly string[],
  places: Places,
): Diagnostic[] {
  return names.flatMap((source) => {
    const mapped = mappedFrom(data, source);
    if (tasks.some(({ name }) => mapped.has(name))) return [];
    return [diagnostic("NN7067", placeOf(places, sourcePlace(data, source)), { source })];
  });
}

/** A source has every input that its tasks depend on; a task that it lacks has an optional label. */
function complete(
  subject: RuleSubject,
  data: DataDocument,
  names: readonly string[],
  places: Places,
): Diagnostic[] {
  return subject.tasks.flatMap((task) => {
    const needed = reachOf(subject, task).values;
    const at = data.mappings.findIndex(({ name }) => name === task.name);
    const label = placeOf(places, `/data/mappings/${at}/columns`);
    return names.flatMap((source) => {
      const mapped = mappedFrom(data, source);
      if (!mapped.has(task.name)) {
        if (at < 0 || task.label.optional) return [];
        return [diagnostic("NN7065", label, { source, task: task.name })];
      }
      const own = data.mappings.findIndex((m) => m.name === task.name && m.source === source);
      return subject.inputs
        .filter(({ name }) => needed.has(name) && !mapped.has(name))
        .map(({ name: input }) =>
          diagnostic(
            "NN7064",
            placeOf(places, `/data/mappings/${own}/columns`),
            { source, task: task.name, input },
            { hint: `Add \`${input} = ${source}.COLUMN\`.` },
          ),
        );
    });
  });
}

function sampled(
  { tasks }: RuleSubject,
  data: DataDocument,
  names: readonly string[],
  places: Places,
): Diagnostic[] {
  const { sampler } = libraryEntry("sampler", data.sampler.name);
  const options = data.sampler.options as Parameters<NonNullable<typeof sampler.never>>[1];
  const span = placeOf(places, "/data/sampler");
  const unknown = (sampler.mentioned?.(options) ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return unknown.map((source) => unknownSource(source, names, span));
  }
  const never = sampler.never?.(names, options) ?? [];
  return tasks.flatMap(({ name: task }) => {
    const own = names.filter((source) => mappedFrom(data, source).has(task));
    if (own.length === 0 || own.some((source) => !never.includes(source))) return [];
    const shown = own.map((source) => `\`${source}\``).join(" and ");
    const reason = `the sampler's share of ${shown} is 0`;
    return [diagnostic("NN7066", span, { task, reason }, { hint: `Give ${shown} a share.` })];
  });
}

/** Where rows of several sources are in a batch, a batch norm sees them all. */
function statistics(
  subject: RuleSubject,
  data: DataDocument,
  names: readonly string[],
  places: Places,
): Diagnostic[] {
  if (data.batches === "homogeneous") return [];
  return subject.nodes
    .filter((node) => Object.keys(node.state).length > 0)
    .flatMap((node) => {
      const behind = reachOf(subject, { output: node.id }).values;
      for (const source of names) {
        const mapped = mappedFrom(data, source);
        const lacking = subject.inputs.find(({ name }) => behind.has(name) && !mapped.has(name));
        if (!lacking) continue;
        const parameters = { node: node.id, input: lacking.name, source };
        return [diagnostic("NN7070", placeOf(places, "/data/batches"), parameters)];
      }
      return [];
    });
}
