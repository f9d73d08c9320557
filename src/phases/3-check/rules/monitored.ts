import { diagnostic, didYouMean } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { Rule, RuleSubject } from "./rule.js";

/** What early stopping watches is measured, on a part that has rows. */
export const monitored: Rule = (subject, places) =>
  subject.train.flatMap((train, i) => {
    const monitor = train.stop?.options["monitor"];
    if (typeof monitor !== "string") return [];
    const span = placeOf(places, `/train/${i}/stop`);
    const known = monitors(subject);
    const broken =
      subject.incomplete?.tasks.filter((name) => subject.tasks.every((t) => t.name !== name)) ?? [];
    if (broken.some((name) => monitor.startsWith(`validation.${name}.`))) return [];
    if (!known.includes(monitor)) {
      const reason = "nothing of this name is measured";
      return [
        diagnostic(
          "NN5008",
          span,
          { monitor, reason },
          {
            hint:
              didYouMean(monitor, known) ??
              `There is ${known
                .slice(0, 6)
                .map((k) => `\`${k}\``)
                .join(", ")}.`,
          },
        ),
      ];
    }
    if (subject.data && subject.data.split.validation === 0 && subject.data.split.by.name !== "column") {
      const hint = "Give `split` a `validation` share, or take `stop` out.";
      return [
        diagnostic("NN5008", span, { monitor, reason: "the data section has no validation part" }, { hint }),
      ];
    }
    return [];
  });

function monitors(subject: RuleSubject): string[] {
  return [
    "validation.loss",
    ...subject.tasks.flatMap((task) => [
      `validation.${task.name}.loss`,
      ...task.metrics.map((metric) => `validation.${task.name}.${metric.name}`),
    ]),
  ];
}
