import { diagnostic, didYouMean, suggestions } from "../../diagnostics/index.js";
import type { Parameter } from "../../library/entry.js";
import type { Span } from "../../source/index.js";
import type { Expression, Setting } from "../../syntax/tree.js";
import { resolveOption } from "./options.js";
import type { GivenOption, ResolvedSettings } from "./resolved.js";
import { isBroken, type Resolution, type Scope } from "./scope.js";

/** Sorts a section's settings by the parameters that it has; `special` keys are handled by the caller. */
export function resolveSettings(
  r: Resolution,
  scope: Scope,
  section: string,
  span: Span,
  parameters: readonly Parameter[],
  settings: readonly Setting[],
  whole: Span,
  special: readonly string[] = [],
): ResolvedSettings {
  const options = new Map<string, GivenOption>();
  const patterned: Setting[] = [];
  const first = new Map<string, Setting>();
  const meant = new Set<string>();
  for (const setting of settings) {
    const key = setting.key.name;
    const parameter = parameters.find((p) => p.name === key);
    if (!parameter && !special.includes(key)) {
      const known = [...parameters.map((p) => p.name), ...special];
      suggestions(key, known).forEach((name) => meant.add(name));
      const hint = didYouMean(key, known) ?? `It has ${known.map((k) => `\`${k}\``).join(", ")}.`;
      r.diagnostics.push(diagnostic("NN2021", setting.key.span, { key, section }, { hint }));
      continue;
    }
    if (setting.pattern && !parameter?.patterned) {
      r.diagnostics.push(
        diagnostic("NN2008", setting.pattern.span, { owner: key, reason: takesNoPattern(parameters) }),
      );
      continue;
    }
    const earlier = setting.pattern ? undefined : first.get(key);
    if (earlier) {
      r.diagnostics.push(
        diagnostic(
          "NN2008",
          setting.span,
          { owner: section.replaceAll("`", ""), reason: `is given \`${key}\` twice` },
          {
            related: [{ span: earlier.span, message: "first given here" }],
          },
        ),
      );
      continue;
    }
    if (!setting.pattern) first.set(key, setting);
    if (!parameter) continue;
    const value = setting.value as Expression;
    resolveOption(r, scope, (setting.pattern && parameter.patterned) ?? parameter, value);
    if (setting.pattern) patterned.push(setting);
    else options.set(key, { value, span: setting.span });
  }
  const given = new Set([...options.keys(), ...patterned.map((setting) => setting.key.name), ...meant]);
  for (const parameter of parameters) {
    if ("default" in parameter || given.has(parameter.name)) continue;
    // What could not be read may well be what seems to be missing.
    if (isBroken(r, whole)) continue;
    r.diagnostics.push(diagnostic("NN2022", span, { key: parameter.name, section }));
  }
  return { parameters, options, patterned, section, span };
}

function takesNoPattern(parameters: readonly Parameter[]): string {
  const those = parameters.filter((p) => p.patterned).map((p) => `\`${p.name}\``);
  if (those.length === 0) return "takes no pattern";
  return `takes no pattern; only ${those.join(", ")} ${those.length === 1 ? "does" : "do"}`;
}
