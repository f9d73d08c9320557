import type { Places } from "../document/places.js";
import type { Source } from "../source/index.js";
import type { Edit } from "./edits.js";

/** The edit that gives a train section another balancer. */
export function balanceEdit(
  source: Source,
  places: Places,
  train: number,
  balancer: { readonly name: string; readonly on: readonly string[] },
): Edit | undefined {
  const { name, on } = balancer;
  const given = places.get(`/train/${train}/balance`);
  if (source.path.endsWith(".json")) {
    const options = on.length > 0 ? { on } : {};
    return given && { ...given, text: JSON.stringify({ name, options }) };
  }
  const patterns = on.length > 1 ? `[${on.join(", ")}]` : on[0];
  const text = patterns === undefined ? name : `${name}(on: ${patterns})`;
  if (given) return { start: given.start, end: given.end, text };
  const section = places.get(`/train/${train}`);
  if (!section) {
    const end = source.text.length;
    const gap = source.text.endsWith("\n") ? "" : "\n";
    return { start: end, end, text: `${gap}train { balance: ${text} }\n` };
  }
  if (section.source !== source) return undefined;
  const open = source.text.indexOf("{", section.end) + 1;
  if (open === 0) return undefined;
  // The setting gets a line of its own if the section's settings have.
  const indent = /^[ \t]*\r?\n([ \t]+)/.exec(source.text.slice(open));
  return { start: open, end: open, text: indent ? `\n${indent[1]}balance: ${text}` : ` balance: ${text} ` };
}
