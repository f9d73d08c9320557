import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { MetaDocument } from "../../../document/types.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { adaptingWeights, adaptPatterns, embedOf, gradientAlgorithm } from "../../../model/adapting.js";
import { lossLink } from "../../../model/links.js";
import { labelType } from "../../../model/value-types.js";
import { elementCount } from "../../../runtime/elements.js";
import { PathPatterns } from "./path-patterns.js";
import type { Rule, RuleSubject, Subject } from "./rule.js";

/** What a `meta` section asks of the model: a choice for batch norm, and patterns that match. */
export const meta: Rule = (model, places) => {
  const subject = model.document;
  const { meta: section } = subject;
  if (!section) return [];
  const found = [
    ...settingsOf(subject, section, places),
    ...weighed(subject, places),
    ...noAdapt(section, places),
  ];
  if (subject.incomplete) return found;
  return [
    ...found,
    ...family(subject, section, places),
    ...nothingAdapts(model, section, places),
    ...unfit(model, section, places),
    ...unmatched(model, section, places),
  ];
};

/** What episodes have no place for. */
function settingsOf(subject: RuleSubject, { settings }: MetaDocument, places: Places): Diagnostic[] {
  const stateful = settings.norm === null && subject.nodes.some(({ state }) => Object.keys(state).length > 0);
  return [
    ...(stateful ? [diagnostic("NN5014", placeOf(places, "/meta"), {})] : []),
    ...subject.train.flatMap(({ balance }, i) => {
      if (libraryEntry("balancer", balance.name).plain) return [];
      return [diagnostic("NN5029", placeOf(places, `/train/${i}/balance`), { balancer: balance.name })];
    }),
    ...subject.tasks.flatMap(({ name, label }, i) =>
      label.optional ? [diagnostic("NN5025", placeOf(places, `/tasks/${i}/label`), { task: name })] : [],
    ),
  ];
}

function noAdapt(section: MetaDocument, places: Places): Diagnostic[] {
  if (section.settings.adapt === null || gradientAlgorithm(section)) return [];
  const reason = "it has no inner steps, and so nothing adapts";
  const parameters = { algorithm: section.algorithm.name, reason };
  return [diagnostic("NN5024", placeOf(places, "/meta/adapt"), parameters, { hint: "Take `adapt` out." })];
}

function unmatched(model: Subject, { algorithm, settings }: MetaDocument, places: Places): Diagnostic[] {
  const uses = [
    { adapt: settings.adapt, pointer: "/meta/adapt" },
    { adapt: algorithm.options["adapt"], pointer: "/meta/algorithm" },
  ];
  return uses.flatMap(({ adapt, pointer }) => {
    if (!Array.isArray(adapt)) return [];
    const named = adapt.map(String);
    const patterns = new PathPatterns(model, named);
    return named
      .filter((pattern) => !patterns.matches(pattern))
      .map((pattern) => diagnostic("NN5002", placeOf(places, pointer), { pattern, where: "adapt" }));
  });
}

/** Weights of classes or rows, which an episode's losses have no place for. */
function weighed({ tasks, data }: RuleSubject, places: Places): Diagnostic[] {
  const ofClasses = tasks.flatMap(({ class_weights }, i) =>
    class_weights === null ? [] : [["class_weights", `/tasks/${i}/class_weights`] as const],
  );
  const ofRows = (data?.row_weights ?? []).map((_, i) => ["row_weight", `/data/row_weights/${i}`] as const);
  return [...ofClasses, ...ofRows].map(([what, pointer]) =>
    diagnostic("NN5034", placeOf(places, pointer), { what }),
  );
}

function family({ inputs, tasks }: RuleSubject, { settings }: MetaDocument, places: Places): Diagnostic[] {
  const used = settings.tasks;
  if (used === null) return [];
  const [input, ...moreInputs] = inputs;
  const [task, ...moreTasks] = tasks;
  const single = (dims: readonly number[]) => elementCount(dims) === 1;
  const reason =
    moreInputs.length > 0 || moreTasks.length > 0
      ? "it has several inputs or tasks"
      : input?.type.base !== "float" || !single(input.type.dims)
        ? "its input is not one number"
        : task?.label.base !== "float" || !single(task.label.dims)
          ? "its label is not one number"
          : undefined;
  if (reason === undefined) return [];
  return [diagnostic("NN5026", placeOf(places, "/meta/tasks"), { family: used.name, reason })];
}

/** Where inner steps have nothing to move. */
function nothingAdapts(model: Subject, section: MetaDocument, places: Places): Diagnostic[] {
  const algorithm = gradientAlgorithm(section);
  // A pattern that matches nothing is reported as that.
  const named = adaptPatterns(section);
  if (!algorithm || named?.length || adaptingWeights(model, section).length > 0) return [];
  const reason =
    algorithm.adapts === "context"
      ? `\`${algorithm.name}\` needs to know which weights are the context`
      : "no loss reaches any that could";
  return [diagnostic("NN5023", placeOf(places, "/meta/algorithm"), { reason })];
}

/** Why the algorithm cannot be run on the model. */
function unfit({ document, types }: Subject, section: MetaDocument, places: Places): Diagnostic[] {
  const { algorithm, settings } = section;
  const { ways } = settings.episode;
  const embed = embedOf(section);
  const found = libraryEntry("algorithm", algorithm.name).fits?.({
    tasks: document.tasks.map((task) => ({ label: labelType(task.label), link: lossLink(task) })),
    embed: embed === undefined ? undefined : types.get(embed),
    ways: ways ?? 0,
    classes: document.data?.classes?.train.length ?? 0,
  });
  if (!found) return [];
  const { reason, hint } = found;
  return [
    diagnostic("NN5024", placeOf(places, "/meta/algorithm"), { algorithm: algorithm.name, reason }, { hint }),
  ];
}
