import { hasErrors, type Diagnostic } from "./diagnostics/index.js";
import { writtenColumns } from "./model/columns.js";
import { describeModel, type MappedColumns } from "./model/descriptor.js";
import type { Places } from "./document/places.js";
import type { MetaDocument, ModelDocument, TrainDocument } from "./document/types.js";
import { ModelAnalysis } from "./model/analysis.js";
import { capped } from "./phases/capped.js";
import { parse } from "./phases/1-parse.js";
import { resolve } from "./phases/2-resolve/index.js";
import type { ResolvedSpec } from "./phases/2-resolve/resolved.js";
import type { CheckedSpec } from "./phases/3-check/checked.js";
import { check } from "./phases/3-check/index.js";
import { toDocument } from "./phases/4-model.js";
import { lowerMeta, type MetaPrograms } from "./phases/5-lower/meta/programs.js";
import { lower, type ModelPrograms } from "./phases/5-lower/programs.js";
import type { ModelDescriptor } from "./runtime/descriptor.js";
import { makeSource, type Source } from "./source/index.js";
import type { Tree } from "./syntax/tree.js";

export interface CompileOptions {
  /** The path of the spec, for messages; imports are relative to it. `spec.nnspec` by default. */
  readonly path?: string;
  /** The text of an imported file, by its path; nothing can be imported without it. */
  readonly read?: (path: string) => string | undefined;
}

/** A spec's way through the phases, as far as it went. */
export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** The checked model; undefined where there are errors. */
  readonly document: ModelDocument | undefined;
  readonly places: Places;
}

/** What an engine or an emitter starts from. */
export interface Lowered {
  readonly document: ModelDocument;
  readonly train: TrainDocument;
  readonly descriptor: ModelDescriptor;
  readonly programs: ModelPrograms;
}

/** What is known of a text, whatever mistakes are in it: what an editor asks. */
export interface Analysis {
  readonly tree: Tree;
  readonly spec: ResolvedSpec;
  readonly checked: CheckedSpec;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text to everything that is known of it: parse, resolve, check. Never throws for a mistake in the text. */
export function analyze(text: string, options: CompileOptions = {}): Analysis {
  const context = { path: options.path ?? "spec.nnspec", read: options.read ?? (() => undefined) };
  const source = makeSource(context.path, text);
  const parsed = parse(source);
  const resolved = resolve(parsed.value, source, { ...context, parsed: parsed.diagnostics });
  const earlier = [...parsed.diagnostics, ...resolved.diagnostics];
  const checked = check(resolved.value, earlier);
  const found = inReadingOrder(source, [...earlier, ...checked.diagnostics]);
  const diagnostics = capped(found, parsed.more + resolved.more + checked.more);
  return { tree: parsed.value, spec: resolved.value, checked: checked.value, diagnostics };
}

/** Text to a checked model: parse, resolve, check, model. Never throws for a mistake in the text. */
export function compile(text: string, options: CompileOptions = {}): Compilation {
  const { checked, diagnostics } = analyze(text, options);
  const document = hasErrors(diagnostics) ? undefined : toDocument(checked);
  return { diagnostics, document, places: checked.places };
}

/** The spec's own first, from top to bottom; then those of imported files. */
function inReadingOrder(main: Source, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = ({ span }: Diagnostic) => (span.source === main ? 0 : 1);
  return [...diagnostics].sort(
    (a, b) => rank(a) - rank(b) || (a.span.source === b.span.source ? a.span.start - b.span.start : 0),
  );
}

/** What a model that learns to learn starts from. */
export interface LoweredMeta {
  readonly descriptor: ModelDescriptor;
  readonly programs: MetaPrograms;
}

/** A checked model to the programs of its `meta` section. */
export function lowerMetaModel(document: ModelDocument & { readonly meta: MetaDocument }): LoweredMeta {
  const { seed } = document.meta.settings;
  const train = { ...document.train[0]!, seed };
  const columns = writtenColumns(document.data);
  const model = new ModelAnalysis(document);
  return { descriptor: describeModel(model, train, columns), programs: lowerMeta(model) };
}

/** A checked model to programs, for one of its train sections (the first by default). */
export function lowerModel(
  document: ModelDocument,
  options: { train?: string; columns?: MappedColumns } = {},
): Lowered {
  const train = document.train.find((t) => options.train === undefined || t.name === options.train);
  if (!train) throw new Error(`there is no train section ${options.train}`);
  const columns = options.columns ?? writtenColumns(document.data);
  const model = new ModelAnalysis(document);
  return {
    document,
    train,
    descriptor: describeModel(model, train, columns),
    programs: lower(model, train),
  };
}
