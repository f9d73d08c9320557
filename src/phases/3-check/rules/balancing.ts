import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import { balancedPatterns, balancedWeights } from "../../../model/trained.js";
import type { TrainDocument } from "../../../document/types.js";
import { looksAfter, looksAtGradients } from "../../../library/balancers/looks.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { PathPatterns } from "./path-patterns.js";
import type { Rule, RuleSubject, Subject } from "./rule.js";

/** The balancer has what it looks at, and the losses are of the kind that it needs. */
export const balancing: Rule = (model, places) => {
  const subject = model.document;
  const weighted = subject.tasks.some((task) => task.weight !== 1);
  return subject.train.flatMap((train, i) => {
    const pointer = `/train/${i}/balance`;
    const { name } = train.balance;
    const entry = libraryEntry("balancer", name);
    const span = placeOf(places, pointer);
    return [
      ...(entry.wantsLikelihoods ? likelihoods(subject, places) : []),
      ...(weighted && !entry.staticWeights ? [diagnostic("NN5011", span, { balancer: name })] : []),
      ...(train.accumulate > 1 && looksAfter(entry) ? [diagnostic("NN5016", span, { balancer: name })] : []),
      // Where layers could not be read, their weights are not there to be looked at.
      ...(subject.incomplete || !looksAtGradients(entry) ? [] : weights(model, train, pointer, places)),
    ];
  });
};

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

function weights(model: Subject, train: TrainDocument, pointer: string, places: Places): Diagnostic[] {
  const patterns = balancedPatterns(train.balance);
  const paths = new PathPatterns(model, patterns ?? []);
  const unmatched = (patterns ?? []).flatMap((pattern) =>
    paths.unmatched(pattern, "balance", placeOf(places, pointer)),
  );
  if (unmatched.length > 0) return unmatched;
  const looked = balancedWeights(model.trained(train), train.balance);
  if (looked.some(({ tasks }) => tasks.length > 1)) return [];
  const reason = reasonOf(patterns !== undefined, looked.length > 0, model.document.tasks.length);
  const extras = patterns ? { hint: "Name weights that several tasks reach and that are not frozen." } : {};
  return [diagnostic("NN5015", placeOf(places, pointer), { balancer: train.balance.name, reason }, extras)];
}

function reasonOf(named: boolean, trained: boolean, tasks: number): string {
  if (tasks === 1) return "there is one task";
  if (!named) return "no trained weight is reached by two tasks";
  return trained ? "no two tasks reach what `on` names" : "what `on` names is frozen";
}
