import type {
  ClassesDocument,
  DataDocument,
  MappingDocument,
  RowWeightDocument,
  SourceDocument,
  SplitDocument,
} from "../../document/types.js";
import type { Component, Json } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import { rowSettings, type RowSettings } from "../../library/sections.js";
import { keptTogether } from "../../library/splits.js";
import type { Span } from "../../source/index.js";
import type { Binding, DataSection, Expression, Setting } from "../../syntax/tree.js";
import { pathText } from "../2-resolve/misfits.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import type { PatternedSetting, ResolvedSettings } from "../2-resolve/settings.js";
import type { Environment } from "./environment.js";
import { columnName, evaluateComponent, evaluateOption, evaluateOptions, givenPlaces } from "./options.js";
import { sourceHint } from "./rules/sources.js";
import { Unknown } from "./values.js";

type Note = (pointer: string, span: Span) => void;

/** Columns of one source, as a mapping takes them. */
interface Columns extends Pick<MappingDocument, "source" | "columns"> {
  /** Where each is named. */
  readonly places: readonly Span[];
}

/** `task`, the column that names the tasks of meta-learning, deals the rows where the section does not say how. */
export function readData(
  environment: Environment,
  spec: ResolvedSpec,
  note: Note,
  task: string | undefined,
): DataDocument | undefined {
  if (!spec.data) return undefined;
  const { section, settings } = spec.data;
  note("/data", section.keyword);
  const { parameters, options: given } = settings;
  const options = evaluateOptions(environment, { owner: "data", parameters, given });
  for (const [key, span] of givenPlaces(settings)) note(`/data/${key}`, span);
  const values = readOptions({ name: "data", parameters: rowSettings }, options.values);
  const from = options.values["from"];
  const sources = readSources(environment, settings, { from, header: values.header }, note);
  const mappings = readMappings(environment, spec, section, note);
  const bound = section.items.flatMap((item) =>
    isRowWeight(item) ? [{ task: null, value: item.value }] : [],
  );
  const rowWeights = readRowWeights(environment, [...rowWeightSettings(settings), ...bound], note);
  if (sources.length === 0) return undefined;
  return {
    sources,
    sampler: values.sampler,
    batches: values.batches,
    missing: values.missing.map(String),
    mappings,
    row_weights: rowWeights,
    classes: readClasses(values.classes),
    split: readSplit(environment, settings, values.split, task),
  };
}

/** `row_weight = column` says the same as `row_weight: column`. */
function isRowWeight(item: Binding | Setting): boolean {
  return item.kind === "binding" && item.name.name === "row_weight";
}

function readMappings(
  environment: Environment,
  spec: ResolvedSpec,
  section: DataSection,
  note: Note,
): MappingDocument[] {
  const mappings: MappingDocument[] = [];
  for (const item of section.items) {
    if (item.kind === "setting" && isField(spec, item.key.name)) mappings.push(unread(item.key.name));
    if (item.kind !== "binding" || isRowWeight(item)) continue;
    const at = `/data/mappings/${mappings.length}`;
    note(at, item.span);
    note(`${at}/name`, item.name.span);
    note(`${at}/columns`, item.value.span);
    const { mapping, columns } = readMapping(environment, item);
    columns.forEach((span, c) => note(`${at}/columns/${c}`, span));
    mappings.push(mapping);
  }
  return mappings;
}

function readSplit(
  environment: Environment,
  { options }: ResolvedSettings,
  split: SplitDocument,
  task: string | undefined,
): SplitDocument {
  const written = options.get("split");
  const given = written && environment.expansion.semantics.callOf(written.value)?.options.has("by");
  const by = task === undefined || given ? split.by : keptTogether(task);
  if (libraryEntry("split", by.name).deals === "given") return split;
  // A part that is left out is empty.
  return { ...split, by, validation: split.validation ?? 0, test: split.test ?? 0 };
}

/** Classes by their texts, as the file has them. */
function readClasses(given: RowSettings["classes"]): ClassesDocument | null {
  if (given === null) return null;
  const { from, train, validation, test } = given;
  return { from, train: train.map(String), validation: validation.map(String), test: test.map(String) };
}

/** The settings of a key that are given for a name: `from films: …`. */
function namedSettings({ patterned }: ResolvedSettings, key: string): PatternedSetting[] {
  return patterned.filter((setting) => setting.key.name === key);
}

function readSources(
  environment: Environment,
  settings: ResolvedSettings,
  { from, header }: { readonly from: Json | undefined; readonly header: boolean },
  note: Note,
): SourceDocument[] {
  const sources: SourceDocument[] = [];
  const headers = new Map(
    namedSettings(settings, "header").map((s) => [pathText(s.pattern), namedValue(environment, s)]),
  );
  const add = (name: string | null, value: unknown, span: Span) => {
    if (typeof value !== "string") return;
    note(`/data/sources/${sources.length}`, span);
    const own = name === null ? undefined : headers.get(name);
    sources.push({ name, from: value, header: typeof own === "boolean" ? own : header });
  };
  const plain = settings.options.get("from");
  if (plain) add(null, from, plain.value.span);
  for (const setting of namedSettings(settings, "from"))
    add(pathText(setting.pattern), namedValue(environment, setting), setting.pattern.span);
  const known = new Set(sources.flatMap(({ name }) => name ?? []));
  for (const { pattern } of namedSettings(settings, "header")) {
    const source = pathText(pattern);
    const hint = () => sourceHint(source, known);
    if (!known.has(source)) environment.expansion.report.give("NN7060", pattern.span, { source }, { hint });
  }
  return sources;
}

/** The value of a setting that is given for a name. */
function namedValue(environment: Environment, { parameter, value }: PatternedSetting): Json | Unknown {
  return evaluateOption(environment, "data", parameter, value);
}

interface Weighing {
  readonly task: string | null;
  readonly value: Expression;
}

function rowWeightSettings(settings: ResolvedSettings): Weighing[] {
  const plain = settings.options.get("row_weight");
  return [
    ...(plain ? [{ task: null, value: plain.value }] : []),
    ...namedSettings(settings, "row_weight").map(({ pattern, value }) => ({
      task: pathText(pattern),
      value,
    })),
  ];
}

/** Every source has its own column, so each of a list stands by itself. */
function readRowWeights(
  environment: Environment,
  weighing: readonly Weighing[],
  note: Note,
): RowWeightDocument[] {
  const found: RowWeightDocument[] = [];
  for (const { task, value } of weighing) {
    for (const item of value.kind === "list" ? value.items : [value]) {
      const read = readColumns(environment, item);
      if (!read) continue;
      for (const column of read.columns) {
        if (typeof column !== "string") continue;
        note(`/data/row_weights/${found.length}`, item.span);
        found.push({ task, source: read.source, column });
      }
    }
  }
  return found;
}

/** One that could not be read still says that its field is not forgotten. */
function readMapping(
  environment: Environment,
  item: Binding,
): { readonly mapping: MappingDocument; readonly columns: readonly Span[] } {
  const stages = item.value.kind === "pipe" ? item.value.stages : [item.value];
  const read = readColumns(environment, stages[0]!);
  const transforms: Component[] = [];
  for (const stage of stages.slice(1)) {
    const transform = evaluateComponent(environment, stage);
    if (!(transform instanceof Unknown)) transforms.push(transform);
  }
  const name = item.name.name;
  if (!read) return { mapping: unread(name), columns: [] };
  const { source, columns, places } = read;
  return { mapping: { name, source, columns, transforms }, columns: places };
}

function unread(name: string): MappingDocument {
  return { name, source: null, columns: [], transforms: [] };
}

/** Whether a key is an input's or a task's, so that a setting of that name was to be a mapping: it was reported. */
function isField({ model, data }: ResolvedSpec, key: string): boolean {
  if (data?.settings.parameters.some(({ name }) => name === key)) return false;
  return (
    model?.items.some((item) => (item.kind === "input" || item.kind === "task") && item.name.name === key) ??
    false
  );
}

function readColumns(environment: Environment, value: Expression): Columns | undefined {
  if (value.kind === "parenthesized") return readColumns(environment, value.inner);
  if (value.kind === "list") return together(environment, value.items, value.span);
  if (value.kind === "index") {
    const source = columnName(value.target);
    const inside = together(environment, value.indices, value.span);
    if (source !== undefined && inside?.source === null) return { ...inside, source };
  }
  if (value.kind === "range") {
    const [first, last] = [qualified(value.from), qualified(value.to)];
    if (first && last && first.source === last.source)
      return {
        source: first.source,
        columns: [{ first: first.column, last: last.column }],
        places: [value.span],
      };
  }
  const one = qualified(value);
  if (one) return { source: one.source, columns: [one.column], places: [value.span] };
  if (value.kind !== "error") {
    const hint = 'For example `[a, "b c"]`, `first..last` or `$1..$64`, then transforms behind `|>`.';
    environment.expansion.report.give("NN2017", value.span, { reason: "Columns are wanted here" }, { hint });
  }
  return undefined;
}

/** `column`, or `source.column`. */
function qualified(value: Expression): { source: string | null; column: string } | undefined {
  if (value.kind === "path" && value.segments.length === 2)
    return { source: value.segments[0]!.name, column: value.segments[1]!.name };
  const column = columnName(value);
  return column === undefined ? undefined : { source: null, column };
}

function together(environment: Environment, items: readonly Expression[], span: Span): Columns | undefined {
  const parts = items.flatMap((item) => readColumns(environment, item) ?? []);
  if (parts.length < items.length) return undefined;
  const [first, ...others] = parts;
  const other = others.find(({ source }) => source !== first?.source);
  if (first && other) {
    const names = [first.source, other.source].map((source) => source ?? "the data file");
    environment.expansion.report.give("NN7063", span, { first: names[0]!, second: names[1]! });
    return undefined;
  }
  return {
    source: first?.source ?? null,
    columns: parts.flatMap((part) => part.columns),
    places: parts.flatMap((part) => part.places),
  };
}
