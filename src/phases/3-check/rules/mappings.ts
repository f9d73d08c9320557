import { diagnostic, didYouMean, Hints, suggestions, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { DataDocument } from "../../../document/types.js";
import type { Rule, RuleSubject } from "./rule.js";

/** The data section says for every input and every task where its numbers come from, and for nothing else. */
export const mappings: Rule = ({ document: subject }, places) => {
  const { data } = subject;
  if (!data) return [];
  const wanted = wantedNames(subject, data);
  return [
    ...(subject.dataUnread === true ? [] : missing(subject, data, wanted, places)),
    ...superfluous(subject, data, wanted, places),
    ...weighed(subject, data, places),
    ...twice(data, places),
  ];
};

/** An episode's classes are drawn from a column, so that no task is mapped. */
function wantedNames({ inputs, tasks, incomplete }: RuleSubject, data: DataDocument): string[] {
  if (incomplete) return [...incomplete.inputs, ...incomplete.tasks];
  return [...inputs, ...(data.classes ? [] : tasks)].map(({ name }) => name);
}

function missing(
  { inputs }: RuleSubject,
  data: DataDocument,
  wanted: readonly string[],
  places: Places,
): Diagnostic[] {
  const mapped = new Set(data.mappings.map((m) => m.name));
  const ofInputs = new Set(inputs.map((input) => input.name));
  const absent = new Set(wanted.filter((name) => !mapped.has(name)));
  const known = new Set(wanted);
  const hints = new Hints();
  for (const { name } of absent.size === 0 ? [] : data.mappings) {
    const found = () => suggestions(name, wanted).find((w) => absent.has(w));
    const meant = known.has(name) ? undefined : hints.find(found);
    if (meant !== undefined) absent.delete(meant);
  }
  return [...absent].map((name) => {
    const what = ofInputs.has(name) ? "input" : "task";
    const hint = `Add \`${name} = COLUMN\`.`;
    return diagnostic("NN7051", placeOf(places, "/data"), { what, name }, { hint });
  });
}

function superfluous(
  { incomplete }: RuleSubject,
  { mappings: all }: DataDocument,
  wanted: readonly string[],
  places: Places,
): Diagnostic[] {
  const known = new Set([...wanted, ...(incomplete?.unread ?? [])]);
  const hints = new Hints();
  const seen = new Set<string>();
  return all.flatMap(({ name, source }, i) => {
    const span = placeOf(places, `/data/mappings/${i}/name`);
    const key = `${source ?? ""}/${name}`;
    if (seen.has(key)) return [diagnostic("NN7053", span, { name })];
    seen.add(key);
    if (known.has(name) || incomplete?.others === true) return [];
    return [diagnostic("NN7052", span, { name }, { hint: hints.find(() => didYouMean(name, wanted)) })];
  });
}

function weighed({ tasks, incomplete }: RuleSubject, data: DataDocument, places: Places): Diagnostic[] {
  if (incomplete) return [];
  const names = new Set(tasks.map(({ name }) => name));
  const hints = new Hints();
  return data.row_weights.flatMap(({ task }, i) => {
    if (task === null || names.has(task)) return [];
    const span = placeOf(places, `/data/row_weights/${i}`);
    const hint = hints.find(() => didYouMean(task, names));
    return [diagnostic("NN7052", span, { name: task }, { hint })];
  });
}

/** Columns that a mapping names twice; what a range holds is known with its file only. */
function twice({ mappings: all }: DataDocument, places: Places): Diagnostic[] {
  return all.flatMap(({ name, columns }, i) => {
    const seen = new Set<string>();
    return columns.flatMap((column, c) => {
      if (typeof column !== "string") return [];
      if (seen.has(column))
        return [diagnostic("NN7022", placeOf(places, `/data/mappings/${i}/columns/${c}`), { name, column })];
      seen.add(column);
      return [];
    });
  });
}
