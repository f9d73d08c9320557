import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { collectWeights, matchesPattern, valueTypes } from "../../../document/weights.js";
import { adaptingWeights, adaptPatterns, embedOf, gradientAlgorithm } from "../../../document/adapting.js";
import { labelType } from "../../../document/input-type.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { isComponent } from "../../../library/options.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { Rule, RuleSubject } from "./rule.js";

/** What a `meta` section asks of the model: a choice for batch norm, and patterns that match. */
export const meta: Rule = (subject, places) => {
  if (!subject.meta) return [];
  const { algorithm, settings } = subject.meta;
  const found: Diagnostic[] = [];
  if (settings["norm"] === null && subject.nodes.some((node) => node.layer === "batch_norm")) {
    found.push(diagnostic("NN5014", placeOf(places, "/meta"), {}));
  }
  subject.train.forEach(({ balance }, i) => {
    if (balance.name !== "fixed")
      found.push(diagnostic("NN5029", placeOf(places, `/train/${i}/balance`), { balancer: balance.name }));
  });
  subject.tasks.forEach(({ name, label }, i) => {
    if (label.optional)
      found.push(diagnostic("NN5025", placeOf(places, `/tasks/${i}/label`), { task: name }));
  });
  found.push(...weighed(subject, places));
  if (settings["adapt"] !== null && !gradientAlgorithm(subject.meta)) {
    const reason = "it has no inner steps, and so nothing adapts";
    found.push(
      diagnostic(
        "NN5024",
        placeOf(places, "/meta/adapt"),
        { algorithm: algorithm.name, reason },
        { hint: "Take `adapt` out." },
      ),
    );
  }
  if (subject.incomplete) return found;
  found.push(...family(subject, places), ...nothingAdapts(subject, places), ...unfit(subject, places));
  const paths = collectWeights(subject).weights.map((w) => w.path);
  const sources = [
    { adapt: settings["adapt"], pointer: "/meta/adapt" },
    { adapt: algorithm.options["adapt"], pointer: "/meta/algorithm" },
  ];
  for (const { adapt, pointer } of sources) {
    if (!Array.isArray(adapt)) continue;
    for (const pattern of adapt as string[]) {
      if (paths.some((path) => matchesPattern(pattern, path))) continue;
      found.push(diagnostic("NN5002", placeOf(places, pointer), { pattern, where: "adapt" }));
    }
  }
  return found;
};

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

function family({ meta: section, inputs, tasks }: RuleSubject, places: Places): Diagnostic[] {
  const used = section!.settings["tasks"];
  if (!isComponent(used)) return [];
  const [input, ...moreInputs] = inputs;
  const [task, ...moreTasks] = tasks;
  const single = (dims: readonly number[]) => dims.reduce((size, d) => size * d, 1) === 1;
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
function nothingAdapts(subject: RuleSubject, places: Places): Diagnostic[] {
  const section = subject.meta!;
  const algorithm = gradientAlgorithm(section);
  // A pattern that matches nothing is reported as that.
  const named = adaptPatterns(section);
  if (!algorithm || named?.length || adaptingWeights(subject, section).length > 0) return [];
  const reason =
    algorithm.adapts === "context"
      ? `\`${algorithm.name}\` needs to know which weights are the context`
      : "no loss reaches any that could";
  return [diagnostic("NN5023", placeOf(places, "/meta/algorithm"), { reason })];
}

/** Why the algorithm cannot be run on the model. */
function unfit(subject: RuleSubject, places: Places): Diagnostic[] {
  const { algorithm, settings } = subject.meta!;
  const { ways } = settings["episode"] as { readonly ways: number | null };
  const embed = embedOf(subject.meta!);
  const found = libraryEntry("algorithm", algorithm.name).fits?.({
    tasks: subject.tasks.map(({ label, loss }) => ({
      label: labelType(label),
      link: libraryEntry("loss", loss.name).link?.(labelType(label)),
    })),
    embed: embed === undefined ? undefined : valueTypes(subject).get(embed),
    ways: ways ?? 0,
    classes: subject.data?.classes?.train.length ?? 0,
  });
  if (!found) return [];
  const { reason, hint } = found;
  return [
    diagnostic("NN5024", placeOf(places, "/meta/algorithm"), { algorithm: algorithm.name, reason }, { hint }),
  ];
}
