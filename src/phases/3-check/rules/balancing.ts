import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import { PatternIndex } from "../../../model/patterns.js";
import { balancedPatterns } from "../../../model/trained.js";
import type { TrainDocument } from "../../../document/types.js";
import { looksAfter, looksAtGradients } from "../../../library/balancers/looks.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { forAlike } from "./alike.js";
import { PathPatterns } from "./path-patterns.js";
import type { Span } from "../../../source/index.js";
import type { Rule, RuleSubject, Subject } from "./rule.js";

/** The balancer has what it looks at, and the losses are of the kind that it needs. */
export const balancing: Rule = (model, places) => {
  const subject = model.document;
  const weighted = subject.tasks.some((task) => task.weight !== 1);
  const wanting = subject.train.findIndex(({ balance }) => entryOf(balance).wantsLikelihoods);
  const looked = forAlike((train) => lookedAtBy(model, train));
  return subject.train.flatMap((train, i) => {
    const pointer = `/train/${i}/balance`;
    const { name } = train.balance;
    const entry = entryOf(train.balance);
    const span = placeOf(places, pointer);
    return [
      // What is wrong with a loss is the same for every section.
      ...(i === wanting ? likelihoods(subject, places) : []),
      ...(weighted && !entry.staticWeights ? [diagnostic("NN5011", span, { balancer: name })] : []),
      ...(train.accumulate > 1 && looksAfter(entry) ? [diagnostic("NN5016", span, { balancer: name })] : []),
      // Where layers could not be read, their weights are not there to be looked at.
      ...(subject.incomplete || !looksAtGradients(entry) ? [] : weights(model, train, looked(train), span)),
    ];
  });
};

function entryOf({ name }: TrainDocument["balance"]) {
  return libraryEntry("balancer", name);
}

function likelihoods(subject: RuleSubject, places: Places): Diagnostic[] {
  return subject.tasks.flatMap((task, t) =>
    libraryEntry("loss", task.loss.name).noise === undefined
      ? [
          diagnostic("NN5005", placeOf(places, `/tasks/${t}/loss`), {
            task: task.name,
            loss: task.loss.name,
          }),
        ]
      : [],
  );
}

/** What balancers look at in sections that say the same of weights, by what their `on` names. */
type LookedAt = (patterns: readonly string[] | undefined) => Looked;

interface Looked {
  readonly patterns: PathPatterns;
  /** Whether training moves any of these weights. */
  readonly trained: boolean;
  /** Whether several tasks reach one of them. */
  readonly shared: boolean;
}

function lookedAtBy(model: Subject, train: TrainDocument): LookedAt {
  const known = new Map<string, Looked>();
  return (patterns) => {
    const key = JSON.stringify(patterns ?? null);
    const found = known.get(key) ?? lookedAt(model, train, patterns);
    known.set(key, found);
    return found;
  };
}

function lookedAt(model: Subject, train: TrainDocument, named: readonly string[] | undefined): Looked {
  const { reach } = model;
  const settings = model.settings(train);
  const patterns = new PathPatterns(model, named ?? []);
  const index = new PatternIndex(named ?? []);
  let trained = false;
  for (const path of named ? model.weights.map((weight) => weight.path) : model.sharedWeights) {
    if (named && !index.matches(path)) continue;
    if (!reach.isTrainable(path) || settings.isFrozen(path) || !settings.optimizerOf(path)) continue;
    trained = true;
    if (reach.isShared(path)) return { patterns, trained, shared: true };
  }
  return { patterns, trained, shared: false };
}

function weights(model: Subject, train: TrainDocument, looked: LookedAt, span: Span): Diagnostic[] {
  const named = balancedPatterns(train.balance);
  const { patterns, trained, shared } = looked(named);
  const unmatched = (named ?? []).flatMap((pattern) => patterns.unmatched(pattern, "balance", span));
  if (unmatched.length > 0) return unmatched;
  if (shared) return [];
  const reason = reasonOf(named !== undefined, trained, model.document.tasks.length);
  const extras = named ? { hint: "Name weights that several tasks reach and that are not frozen." } : {};
  return [diagnostic("NN5015", span, { balancer: train.balance.name, reason }, extras)];
}

function reasonOf(named: boolean, trained: boolean, tasks: number): string {
  if (tasks === 1) return "there is one task";
  if (!named) return "no trained weight is reached by two tasks";
  return trained ? "no two tasks reach what `on` names" : "what `on` names is frozen";
}
