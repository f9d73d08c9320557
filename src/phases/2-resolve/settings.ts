import { didYouMean, suggestions } from "../../diagnostics/index.js";
import type { Parameter } from "../../library/entry.js";
import { sections } from "../../library/sections.js";
import type { Span } from "../../source/index.js";
import type { Setting } from "../../syntax/tree.js";
import { bindAs, bindQuietly } from "./bind.js";
import { expect } from "./expect.js";
import { infer } from "./infer.js";
import type { GivenOption, Scope } from "./model.js";
import { isBroken, lookup, lookupTask, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import { wantedBy } from "./slots.js";

/** Settings of a section, sorted by the parameters that the section has. */
export interface ResolvedSettings {
  readonly parameters: readonly Parameter[];
  readonly options: ReadonlyMap<string, GivenOption>;
  /** Those with a name or a pattern, each with the parameter of what it is given: `optimizer trunk.*: …`. */
  readonly patterned: readonly PatternedSetting[];
}

export interface PatternedSetting extends Setting {
  readonly pattern: NonNullable<Setting["pattern"]>;
  readonly parameter: Parameter;
}

/** A section whose settings are to be sorted. */
export interface SettingsOf {
  /** How a message calls it. */
  readonly section: string;
  /** Where a message about what is missing stands. */
  readonly at: Span;
  readonly whole: Span;
  readonly parameters: readonly Parameter[];
  readonly settings: readonly Setting[];
  /** Keys that are no settings, and are taken care of elsewhere. */
  readonly others?: readonly string[];
  /** Names that are bound with `=` there, which a key may have been meant as. */
  readonly bound?: readonly string[];
  /** Keys that were given in a form that has been reported. */
  readonly misformed?: readonly string[];
}

export function resolveSettings(r: Resolution, scope: Scope, of: SettingsOf): ResolvedSettings {
  const { section, at, whole, parameters, settings, misformed = [] } = of;
  const options = new Map<string, GivenOption>();
  const patterned: PatternedSetting[] = [];
  const meant = new Set<string>(misformed);
  const { byName, requiredOptions } = entrySignature(r, of);
  for (const setting of settings) {
    infer(r, scope, setting.value);
    const key = setting.key.name;
    const parameter = byName.get(key)?.parameter;
    if (parameter === undefined || !fits(r, of, setting, { parameter, earlier: options.get(key) })) {
      if (!parameter) reportKey(r, of, setting).forEach((name) => meant.add(name));
      bindQuietly(r, scope, setting.value);
      continue;
    }
    r.model.bind(setting.key, { role: "an option", name: key, kind: "unknown", parameter });
    const { pattern, value } = setting;
    const own = (pattern && parameter.patterned) ?? parameter;
    expect(r, scope, value, wantedBy(own));
    if (pattern) {
      bindQuietly(r, r.inside ?? scope, pattern);
      patterned.push({ ...setting, pattern, parameter: own });
    } else {
      options.set(key, { value, span: setting.span });
    }
  }
  for (const { name } of requiredOptions) {
    if (options.has(name) || meant.has(name) || patterned.some(({ key }) => key.name === name)) continue;
    // What could not be read may well be what seems to be missing.
    if (!isBroken(r, whole)) r.report.give("NN2022", at, { key: name, section });
  }
  return { parameters, options, patterned };
}

/** Whether a setting of a known key can stand here; says why not. */
function fits(
  r: Resolution,
  { section, parameters }: SettingsOf,
  { key, pattern, span }: Setting,
  { parameter, earlier }: { readonly parameter: Parameter; readonly earlier: GivenOption | undefined },
): boolean {
  if (pattern && parameter.patterned) return true;
  if (pattern) {
    r.report.give("NN2008", pattern.span, { owner: key.name, reason: takesNoPattern(parameters) });
    return false;
  }
  if (!earlier) return true;
  const reason = `is given \`${key.name}\` twice`;
  const related = [{ span: earlier.span, message: "first given here" }];
  r.report.give("NN2008", span, { owner: section.replaceAll("`", ""), reason }, { related });
  return false;
}

/** Says that there is no such key, and gives those that may have been meant. */
function reportKey(
  r: Resolution,
  { section, parameters, others = [], bound = [] }: SettingsOf,
  { key }: Setting,
): string[] {
  const { name, span } = key;
  const known = [...parameters.map((parameter) => parameter.name), ...others];
  const column = r.inside && section === "`data`" && (lookup(r.inside, name) ?? lookupTask(r.inside, name));
  const hint = () => {
    if (column) return `Columns are bound with \`=\`: \`${name} = …\`.`;
    const list = `It has ${known.map((k) => `\`${k}\``).join(", ")}.`;
    return elsewhereHint(name, parameters) ?? didYouMean(name, [...known, ...bound]) ?? list;
  };
  bindAs(r, key, "unknown");
  r.report.give("NN2021", span, { key: name, section }, { hint });
  const asked = parameters.flatMap((p) => (p.elsewhere?.includes(name) ? [p.name] : []));
  return [...asked, ...suggestions(name, known)];
}

/** The setting that does what a key of another library asks for, here or in another section. */
function elsewhereHint(key: string, own: readonly Parameter[]): string | undefined {
  const does = (parameters: readonly Parameter[]) => parameters.find((p) => p.elsewhere?.includes(key));
  const here = does(own);
  if (here) return `Here \`${here.name}\` does it. ${here.doc}`;
  for (const { name, parameters } of sections) {
    const other = does(parameters) ?? parameters.find((p) => p.name === key);
    if (other) return `\`${other.name}\` of ${name} does it. ${other.doc}`;
  }
  return undefined;
}

function takesNoPattern(parameters: readonly Parameter[]): string {
  const those = parameters.filter((p) => p.patterned).map((p) => `\`${p.name}\``);
  if (those.length === 0) return "takes no pattern";
  return `takes no pattern; only ${those.join(", ")} ${those.length === 1 ? "does" : "do"}`;
}
