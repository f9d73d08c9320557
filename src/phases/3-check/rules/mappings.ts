import { diagnostic, didYouMean } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { Rule, RuleSubject } from "./rule.js";

/** The data section says for every input and every task where its numbers come from, and for nothing else. */
export const mappings: Rule = (subject, places) => {
  const { data } = subject;
  if (!data) return [];
  const { incomplete } = subject;
  const wanted = incomplete
    ? [...incomplete.inputs, ...incomplete.tasks]
    : [...subject.inputs.map((i) => i.name), ...mappedTasks(subject).map((t) => t.name)];
  const mapped = new Set(data.mappings.map((m) => m.name));
  const kind = (name: string) => (subject.inputs.some((i) => i.name === name) ? "input" : "task");
  const missing = wanted
    .filter((name) => !mapped.has(name))
    .map((name) =>
      diagnostic(
        "NN7051",
        placeOf(places, "/data"),
        { what: kind(name), name },
        { hint: `Add \`${name} = COLUMN\`.` },
      ),
    );
  const seen = new Set<string>();
  const wrong = data.mappings.flatMap(({ name, source }, i) => {
    const span = placeOf(places, `/data/mappings/${i}/name`);
    const key = `${source ?? ""}/${name}`;
    if (seen.has(key)) return [diagnostic("NN7053", span, { name })];
    seen.add(key);
    return wanted.includes(name)
      ? []
      : [diagnostic("NN7052", span, { name }, { hint: didYouMean(name, wanted) })];
  });
  const weighed = data.row_weights.flatMap(({ task }, i) =>
    task === null || incomplete || subject.tasks.some((t) => t.name === task)
      ? []
      : [
          diagnostic(
            "NN7052",
            placeOf(places, `/data/row_weights/${i}`),
            { name: task },
            {
              hint: didYouMean(
                task,
                subject.tasks.map((t) => t.name),
              ),
            },
          ),
        ],
  );
  return [...missing, ...wrong, ...weighed];
};

/** An episode's classes are drawn from a column, so that no task is mapped. */
function mappedTasks({ tasks, data }: RuleSubject) {
  return data?.classes ? [] : tasks;
}
