import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { ClassesDocument } from "../../../document/types.js";
import type { Rule } from "./rule.js";

const SETS = ["train", "validation", "test"] as const;

/** Classes of episodes: for one categorical task of a `meta` section, enough in each set, and in one set each. */
export const classes: Rule = ({ document: subject }, places) => {
  const { data, meta, tasks } = subject;
  // A section with mistakes of its own has been reported.
  if (!data?.classes || subject.incomplete || (!meta && places.has("/meta"))) return [];
  const span = placeOf(places, "/data/classes");
  const refuse = (reason: string, hint: string): Diagnostic =>
    diagnostic("NN5028", span, { reason }, { hint });
  const ways = meta?.settings.episode.ways ?? null;
  const [task] = tasks;
  if (!meta || ways === null)
    return [
      refuse(
        "no `meta` section has episodes of classes",
        "Add `episode: { ways: 5, support: 1, query: 15 }`.",
      ),
    ];
  if (tasks.length !== 1 || task?.label.base !== "category" || task.label.classes !== ways)
    return [
      refuse(
        "the model has other tasks than one of `ways` classes",
        "Give it one task with `label: category(ways)`.",
      ),
    ];
  return [...tooFew(data.classes, ways, refuse), ...inTwoSets(data.classes, refuse)];
};

type Refuse = (reason: string, hint: string) => Diagnostic;

function tooFew(sets: ClassesDocument, ways: number, refuse: Refuse): Diagnostic[] {
  return SETS.flatMap((name) => {
    // A few classes are enough to choose a model by.
    const least = name === "validation" ? Math.min(2, sets.validation.length * 2) : ways;
    if (sets[name].length >= least) return [];
    const reason = `\`${name}\` has ${sets[name].length} of them, and an episode takes ${least}`;
    return [refuse(reason, "Give it more classes, or episodes fewer ways.")];
  });
}

function inTwoSets(sets: ClassesDocument, refuse: Refuse): Diagnostic[] {
  const twice = firstTwice(SETS.flatMap((name) => sets[name]));
  if (twice === undefined) return [];
  return [refuse(`\`${twice}\` is in there twice`, "A class that is trained on tells nothing of new ones.")];
}

function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.has(name) || !seen.add(name));
}
