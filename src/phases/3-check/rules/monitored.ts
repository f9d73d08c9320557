import { diagnostic, didYouMean, Hints, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { watchedBy } from "../../../model/stopping.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Span } from "../../../source/index.js";
import type { Component } from "../../../library/entry.js";
import type { Rule, RuleSubject } from "./rule.js";

/** What early stopping watches is measured, on a part that has rows, and has a weight for each measure. */
export const monitored: Rule = ({ document }, places) => {
  if (!document.train.some(({ stop }) => stop)) return [];
  const measured = measuredIn(document);
  return document.train.flatMap((train, i) =>
    train.stop ? stopping(document, measured, train.stop, placeOf(places, `/train/${i}/stop`)) : [],
  );
};

/** What is measured, which is the same for all train sections. */
interface Measured {
  readonly names: ReadonlySet<string>;
  /** The first of them, for hints. */
  readonly some: string;
  /** Tasks with mistakes, whose metrics may not be known. */
  readonly broken: ReadonlySet<string>;
  /** Whether there may be others. */
  readonly others: boolean;
  readonly hints: Hints;
}

function measuredIn(subject: RuleSubject): Measured {
  const { tasks, incomplete } = subject;
  const measured = measures(subject);
  const whole = new Set(tasks.map((task) => task.name));
  return {
    names: new Set(measured),
    some: measured
      .slice(0, 6)
      .map((name) => `\`${name}\``)
      .join(", "),
    broken: new Set(incomplete?.tasks.filter((name) => !whole.has(name))),
    others: incomplete?.others === true,
    hints: new Hints(),
  };
}

function stopping(subject: RuleSubject, measured: Measured, stop: Component, span: Span): Diagnostic[] {
  const { monitor: monitors, weights } = watchedBy(stop);
  const cannot = (monitor: string, reason: string, hint?: string) =>
    diagnostic("NN5008", span, { monitor, reason }, hint === undefined ? {} : { hint });
  if (monitors.length === 0) return [cannot("[]", "the list names nothing")];
  const seen = new Set<string>();
  const twice = monitors.find((monitor) => seen.has(monitor) || !seen.add(monitor));
  const found: Diagnostic[] = [
    ...monitors.flatMap((monitor) => unmeasuredBy(measured, monitor, cannot)),
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
  { names, some, broken, others, hints }: Measured,
  monitor: string,
  cannot: Cannot,
): Diagnostic[] {
  const [part, task = "", measure] = monitor.split(".", 3);
  const ofBroken = part === "validation" && measure !== undefined && broken.has(task);
  if (names.has(monitor) || others || ofBroken) return [];
  const hint = hints.find(() => didYouMean(monitor, names)) ?? `There is ${some}.`;
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
