import { groupWeights } from "../../model/groups.js";
import { ModelAnalysis } from "../../model/analysis.js";
import { showFrozenEpochs, type FrozenEpochs, type TrainedWeight } from "../../model/trained.js";
import type { ModelDocument, TrainDocument } from "../../document/types.js";
import { elementCount } from "../../runtime/elements.js";
import { planMeta } from "../../phases/5-lower/meta/plan.js";
import { gradientFlow } from "../../phases/5-lower/flow.js";
import { balancingCost } from "../balancing.js";
import { table } from "../format.js";
import { trainSection } from "../model.js";
import { print, printJson } from "../output.js";
import { loadSpec } from "../spec.js";

export interface FlowOptions {
  readonly json?: boolean;
  readonly train?: string;
}

/** How a task stands to a weight: its loss moves it, its output only uses it, or neither. */
type Standing = "gradient" | "value" | "none";

interface Group {
  readonly weights: string;
  readonly parameters: number;
  /** In the tasks' order. */
  readonly tasks: Readonly<Record<string, Standing>>;
  readonly frozen: boolean;
  readonly frozen_epochs: readonly FrozenEpochs[];
  /** What moves it; none where it is frozen or no loss reaches it. */
  readonly optimizer: string | null;
}

/** Which loss reaches which weights, with what static weight; what no loss reaches, and what is reached but frozen. */
export async function flow(path: string, options: FlowOptions): Promise<void> {
  const spec = await loadSpec(path, options);
  const section = trainSection(spec, options.train);
  const { meta } = spec.document;
  // Where rows are embedded, what comes after is not trained: the outer loop has a document of its own.
  const model = new ModelAnalysis(spec.document);
  const outer = meta && planMeta(new ModelAnalysis({ ...spec.document, meta })).outer;
  const train = outer?.train ?? section;
  const moved = (outer?.model ?? model).trained(train);
  const groups = groupsOf(model, train, moved);
  const tasks = spec.document.tasks;
  if (options.json) {
    const weights = Object.fromEntries(tasks.map((task) => [task.name, task.weight]));
    printJson({ model: spec.document.name, tasks: weights, groups });
    return;
  }
  const cell = { gradient: (weight: number) => String(weight), value: () => "(used)", none: () => "–" };
  const rows = groups.map((group) => [
    group.weights,
    group.parameters.toLocaleString("en-US"),
    ...tasks.map((task) => cell[group.tasks[task.name] ?? "none"](task.weight)),
    movedBy(group),
  ]);
  const head = ["weights", "parameters", ...tasks.map((task) => task.name), "moved by"];
  print(table([head, ...rows], [1, ...tasks.map((_, i) => i + 2)]));
  print(`\n${remarks(groups, model, train).join("\n")}`);
}

function movedBy({ frozen, frozen_epochs: epochs, optimizer }: Group): string {
  if (frozen) return "frozen";
  if (optimizer === null) return "no loss reaches it";
  return [optimizer, ...(epochs.length > 0 ? [showFrozenEpochs(epochs)] : [])].join(", ");
}

function groupsOf(
  model: ModelAnalysis<ModelDocument>,
  train: TrainDocument,
  moved: readonly TrainedWeight[],
): Group[] {
  const { document, reach } = model;
  const settings = model.settings(train);
  const gradients = gradientFlow(model);
  const moving = new Map(moved.map((w) => [w.path, w.optimizer.name]));
  const standing = (task: string, path: string): Standing =>
    gradients.get(task)?.has(path) ? "gradient" : reach.usersOf(path).includes(task) ? "value" : "none";
  const weights = model.weights.map(({ path, shape }) => ({
    path,
    parameters: elementCount(shape),
    tasks: Object.fromEntries(document.tasks.map(({ name }) => [name, standing(name, path)])),
    frozen: settings.isFrozen(path),
    frozen_epochs: settings.frozenEpochs(path),
    optimizer: moving.get(path) ?? null,
  }));
  const kind = ({ tasks, frozen, frozen_epochs, optimizer }: (typeof weights)[number]) =>
    JSON.stringify([tasks, frozen, frozen_epochs, optimizer]);
  return groupWeights(weights, kind).map(({ pattern, weights: inside }) => {
    const { tasks, frozen, frozen_epochs, optimizer } = inside[0]!;
    const parameters = inside.reduce((sum, w) => sum + w.parameters, 0);
    return { weights: pattern, parameters, tasks, frozen, frozen_epochs, optimizer };
  });
}

function remarks(groups: readonly Group[], model: ModelAnalysis, train: TrainDocument): string[] {
  const isReached = ({ tasks }: Group) => Object.values(tasks).includes("gradient");
  const named = (found: readonly Group[]) => found.map((group) => `\`${group.weights}\``).join(", ");
  const unreached = groups.filter((group) => !isReached(group));
  const frozen = groups.filter((group) => isReached(group) && group.frozen);
  const used = groups.some(({ tasks }) => Object.values(tasks).includes("value"));
  return [
    "A number is the task's static weight: its loss has a derivative by these weights.",
    ...(used ? ["(used): the task's output depends on them, and no gradient of its loss reaches them."] : []),
    ...(unreached.length > 0 ? [`No loss reaches ${named(unreached)}.`] : []),
    ...(frozen.length > 0 ? [`Reached but frozen: ${named(frozen)}.`] : []),
    ...balancingCost(model, train),
  ];
}
