import { diagnostic, didYouMean, Hints, type Diagnostic } from "../diagnostics/index.js";
import { placeOf, type Places } from "../document/places.js";
import { watchedBy } from "../model/stopping.js";
import type { ModelDocument } from "../document/types.js";
import type { BoundData } from "./bind.js";
import type { SplitParts } from "./split.js";

/** Reports tasks without a label in the training part, or in the validation part where early stopping watches them. */
export function labelCoverage(
  { document, places }: { readonly document: ModelDocument; readonly places: Places },
  data: BoundData,
  parts: SplitParts,
): Diagnostic[] {
  const labelled = (task: string, rows: Int32Array) => {
    const field = data.labels.get(task);
    // In episodes labels come from the classes, and no column is read for them.
    if (!field) return true;
    const { width, values } = field;
    return rows.some((row) => values.subarray(row * width, (row + 1) * width).every((x) => !Number.isNaN(x)));
  };
  const tasks = document.tasks.map((task) => task.name).filter((name) => data.labels.has(name));
  const mappings = document.data?.mappings ?? [];
  const place = (task: string) =>
    placeOf(places, `/data/mappings/${mappings.findIndex((m) => m.name === task)}/columns`);
  const untaught = tasks
    .filter((task) => !labelled(task, parts.train))
    .map((task) => diagnostic("NN7059", place(task), { task, part: "training" }));
  const unwatched = document.train.flatMap(({ stop }, i) => {
    if (!stop || parts.validation.length === 0) return [];
    const watched = watchedBy(stop).monitor.map((monitor) => {
      const [, task, measure] = monitor.split(".");
      return task === undefined || measure === undefined ? tasks : [task];
    });
    const empty = watched.filter((names) => !names.some((name) => labelled(name, parts.validation)));
    const distinct = [...new Set(empty.map((names) => names.join(", ")))];
    return distinct.map((task) =>
      diagnostic("NN7059", placeOf(places, `/train/${i}/stop`), { task, part: "validation" }),
    );
  });
  return [...untaught, ...unwatched];
}

/** Reports classes that have fewer rows than an episode takes of each. */
export function classCoverage(
  { document, places }: { readonly document: ModelDocument; readonly places: Places },
  data: BoundData,
): Diagnostic[] {
  const classes = document.data?.classes;
  const episode = document.meta?.settings.episode;
  if (!classes || !episode) return [];
  const counts = new Map<string, number>();
  for (const name of data.classes ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  const wanted = episode.support + episode.query;
  const hints = new Hints();
  const near = (name: string) => () => didYouMean(name, [...counts.keys()].slice(0, 10_000));
  return [...classes.train, ...classes.validation, ...classes.test]
    .filter((name) => (counts.get(name) ?? 0) < wanted)
    .map((name) => {
      const parameters = { name, rows: counts.get(name) ?? 0, wanted };
      const hint = counts.has(name) ? undefined : hints.find(near(name));
      return diagnostic("NN7072", placeOf(places, "/data/classes"), parameters, { hint });
    });
}
