import { diagnostic, didYouMean, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { watchedBy } from "../../../model/stopping.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Span } from "../../../source/index.js";
import type { Component } from "../../../library/entry.js";
import type { Rule, RuleSubject } from "./rule.js";

/** What early stopping watches is measured, on a part that has rows, and has a weight for each measure. */
export const monitored: Rule = ({ document }, places) => {
  const measured = document.train.some(({ stop }) => stop) ? measures(document) : [];
  return document.train.flatMap((train, i) =>
    train.stop ? stopping(document, measured, train.stop, placeOf(places, `/train/${i}/stop`)) : [],
  );
};

function stopping(
  subject: RuleSubject,
  measured: readonly string[],
  stop: Component,
  span: Span,
): Diagnostic[] {
  const { monitor: monitors, weights } = watchedBy(stop);
  const cannot = (monitor: string, reason: string, hint?: string) =>
    diagnostic("NN5008", span, { monitor, reason }, hint === undefined ? {} : { hint });
  if (monitors.length === 0) return [cannot("[]", "the list names nothing")];
  const seen = new Set<string>();
  const twice = monitors.find((monitor) => seen.has(monitor) || !seen.add(monitor));
  const unmeasured = unmeasuredBy(subject, measured, cannot);
  const found: Diagnostic[] = [
    ...monitors.flatMap(unmeasured),
    ...(twice === undefined ? [] : [cannot(twice, "it is named twice", "Give it a larger weight instead.")]),
  ];
  if (weights && weights.length !== monitors.length) {
    const count = { weights: String(weights.length), measures: String(monitors.length) };
    found.push(diagnostic("NN5021", span, count));
  }
  if (found.length > 0) return found;
  const split = subject.data?.split;
  if (split && libraryEntry("split", split.by.name).deals !== "given" && !split.validation) {
    const hint = "Give `split` a `validation` share, or take `stop` out.";
    return [cannot(monitors.join(", "), "the data section has no validation part", hint)];
  }
  return [];
}

type Cannot = (monitor: string, reason: string, hint: string) => Diagnostic;

function unmeasuredBy(
  { tasks, incomplete }: RuleSubject,
  measured: readonly string[],
  cannot: Cannot,
): (monitor: string) => Diagnostic[] {
  const known = new Set(measured);
  const whole = new Set(tasks.map((task) => task.name));
  const broken = new Set(incomplete?.tasks.filter((name) => !whole.has(name)));
  return (monitor) => {
    const [part, task = "", measure] = monitor.split(".", 3);
    const ofBroken = part === "validation" && measure !== undefined && broken.has(task);
    if (known.has(monitor) || incomplete?.others || ofBroken) return [];
    const some = measured.slice(0, 6).map((k) => `\`${k}\``);
    const hint = didYouMean(monitor, known) ?? `There is ${some.join(", ")}.`;
    return [cannot(monitor, "nothing of this name is measured", hint)];
  };
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
