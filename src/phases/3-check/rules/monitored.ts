import { diagnostic, didYouMean, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { Component } from "../../../library/entry.js";
import type { Rule, RuleSubject } from "./rule.js";

/** What early stopping watches is measured, on a part that has rows, and has a weight for each measure. */
export const monitored: Rule = (subject, places) =>
  subject.train.flatMap((train, i) => (train.stop ? stopping(subject, train.stop, i, places) : []));

function stopping(subject: RuleSubject, { options }: Component, train: number, places: Places): Diagnostic[] {
  const monitors = options["monitor"] as readonly string[];
  const weights = options["weights"] as readonly number[] | null;
  const span = placeOf(places, `/train/${train}/stop`);
  const cannot = (monitor: string, reason: string, hint?: string) =>
    diagnostic("NN5008", span, { monitor, reason }, hint === undefined ? {} : { hint });
  if (monitors.length === 0) return [cannot("[]", "the list names nothing")];
  const twice = monitors.find((monitor, i) => monitors.indexOf(monitor) !== i);
  const found: Diagnostic[] = [
    ...monitors.flatMap((monitor) => unmeasured(subject, monitor, cannot)),
    ...(twice === undefined ? [] : [cannot(twice, "it is named twice", "Give it a larger weight instead.")]),
  ];
  if (weights && weights.length !== monitors.length) {
    const count = { weights: String(weights.length), measures: String(monitors.length) };
    found.push(diagnostic("NN5021", span, count));
  }
  if (found.length > 0) return found;
  if (subject.data && subject.data.split.by.name !== "column" && !subject.data.split.validation) {
    const hint = "Give `split` a `validation` share, or take `stop` out.";
    return [cannot(monitors.join(", "), "the data section has no validation part", hint)];
  }
  return [];
}

type Cannot = (monitor: string, reason: string, hint: string) => Diagnostic;

function unmeasured(subject: RuleSubject, monitor: string, cannot: Cannot): Diagnostic[] {
  const known = measures(subject);
  const broken =
    subject.incomplete?.tasks.filter((name) => subject.tasks.every((t) => t.name !== name)) ?? [];
  if (known.includes(monitor) || broken.some((name) => monitor.startsWith(`validation.${name}.`))) return [];
  const some = known.slice(0, 6).map((k) => `\`${k}\``);
  const hint = didYouMean(monitor, known) ?? `There is ${some.join(", ")}.`;
  return [cannot(monitor, "nothing of this name is measured", hint)];
}

function measures(subject: RuleSubject): string[] {
  return [
    "validation.loss",
    ...subject.tasks.flatMap((task) => [
      `validation.${task.name}.loss`,
      ...task.metrics.map((metric) => `validation.${task.name}.${metric.name}`),
    ]),
  ];
}
