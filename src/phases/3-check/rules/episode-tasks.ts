import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { taskColumn } from "../../../model/episodes.js";
import { placeOf, type Places } from "../../../document/places.js";
import { namedSources } from "../../../model/sources.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { DataDocument, MetaDocument } from "../../../document/types.js";
import type { Rule } from "./rule.js";

/** Tasks of a data file for a `meta` section: from one file, named in one way, and each in one part of the split. */
export const episodeTasks: Rule = ({ document: subject }, places) => {
  const { meta, data } = subject;
  if (!meta) return [];
  const several =
    namedSources(data).length > 0 ? [diagnostic("NN5033", placeOf(places, "/data/sources/0"), {})] : [];
  const column = taskColumn(meta);
  if (column === undefined) return several;
  const split = data ? splitOf(data, column, places) : [];
  return [...several, ...namedOnce(meta, data, { column, places }), ...split];
};

function namedOnce(
  meta: MetaDocument,
  data: DataDocument | undefined,
  { column, places }: { readonly column: string; readonly places: Places },
): Diagnostic[] {
  const { tasks, episode } = meta.settings;
  const { ways } = episode;
  // A data section that could not be read has been reported.
  const lacking = !data && !places.has("/data");
  const reasons = [
    ...(lacking
      ? [{ reason: "there is no `data` section", hint: 'Add `data { from: "file.csv"  INPUT = column }`.' }]
      : []),
    ...(tasks === null
      ? []
      : [{ reason: "`tasks` names a family of them", hint: "Take `tasks` or `task` out." }]),
    ...(data?.classes
      ? [{ reason: "`classes` makes episodes of classes", hint: "Take `classes` or `task` out." }]
      : []),
    ...(ways === null
      ? []
      : [
          {
            reason: "`ways` is of episodes of classes",
            hint: "Take `ways` out: `support` and `query` then count a task's rows of any class.",
          },
        ]),
  ];
  return reasons.map(({ reason, hint }) =>
    diagnostic("NN5030", placeOf(places, "/meta/task"), { column, reason }, { hint }),
  );
}

/** A column of parts is looked at with the data. */
function splitOf({ split }: DataDocument, column: string, places: Places): Diagnostic[] {
  const { name, options } = split.by;
  const { deals } = libraryEntry("split", name);
  if (deals === "given" || (deals === "together" && options["column"] === column)) return [];
  const of = options["column"];
  const by = typeof of === "string" ? `${name}(${of})` : name;
  const hint = `Write \`by: group(${column})\`, or leave \`by\` out, which means the same.`;
  return [diagnostic("NN5031", placeOf(places, "/data/split"), { by, column }, { hint })];
}
