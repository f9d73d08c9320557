import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { placeOf, type Places } from "../document/places.js";
import type { ModelDocument } from "../document/types.js";
import type { BoundData } from "./bind.js";
import type { SplitParts } from "./split.js";

/** Tasks that have no label where one is needed: in the training part, or where early stopping looks. */
export function labelCoverage(
  { document, places }: { readonly document: ModelDocument; readonly places: Places },
  data: BoundData,
  parts: SplitParts,
): Diagnostic[] {
  const labelled = (task: string, rows: Int32Array) => {
    const { width, values } = data.labels.get(task)!;
    return rows.some((row) => values.subarray(row * width, (row + 1) * width).every((x) => !Number.isNaN(x)));
  };
  const tasks = document.tasks.map((task) => task.name);
  const place = (task: string) =>
    placeOf(places, `/data/mappings/${document.data!.mappings.findIndex((m) => m.name === task)}/columns`);
  const untaught = tasks
    .filter((task) => !labelled(task, parts.train))
    .map((task) => diagnostic("NN7059", place(task), { task, part: "training" }));
  const unwatched = document.train.flatMap(({ stop }, i) => {
    if (!stop || parts.validation.length === 0) return [];
    const watched = (stop.options["monitor"] as readonly string[]).map((monitor) => {
      const [, task, measure] = monitor.split(".");
      return measure === undefined ? tasks : [task!];
    });
    const empty = watched.filter((names) => !names.some((name) => labelled(name, parts.validation)));
    const distinct = [...new Set(empty.map((names) => names.join(", ")))];
    return distinct.map((task) =>
      diagnostic("NN7059", placeOf(places, `/train/${i}/stop`), { task, part: "validation" }),
    );
  });
  return [...untaught, ...unwatched];
}
