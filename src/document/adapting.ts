import { findEntry } from "../library/index.js";
import type { GradientAlgorithm } from "../library/meta-entry.js";
import type { MetaDocument, ModelDocument } from "./types.js";
import { collectWeights, matchesPattern, tasksByWeight, type WeightInfo } from "./weights.js";

type Model = Pick<ModelDocument, "inputs" | "nodes" | "tasks">;

/** The algorithm of a `meta` section, where it is one of inner gradient steps. */
export function gradientAlgorithm({ algorithm }: MetaDocument): GradientAlgorithm | undefined {
  const entry = findEntry("algorithm", algorithm.name);
  return entry && "meta" in entry ? (entry as GradientAlgorithm) : undefined;
}

/** The patterns of `adapt`, of the algorithm or else of the section. */
export function adaptPatterns({ algorithm, settings }: MetaDocument): readonly string[] | undefined {
  return (algorithm.options["adapt"] ?? settings["adapt"] ?? undefined) as readonly string[] | undefined;
}

/** The weights that adapt to a task: those that are named, else those that the algorithm takes. */
export function adaptingWeights(model: Model, meta: MetaDocument): WeightInfo[] {
  const reached = tasksByWeight(model);
  const trained = collectWeights(model).weights.filter(({ path }) => reached.has(path));
  const patterns = adaptPatterns(meta);
  if (patterns)
    return trained.filter(({ path }) => patterns.some((pattern) => matchesPattern(pattern, path)));
  const which = gradientAlgorithm(meta)?.adapts ?? "all";
  if (which === "context") return [];
  const heads = headWeights(model);
  const tables = tableWeights(model);
  return trained.filter(({ path }) => {
    if (which === "head") return heads.has(path);
    // Tables adapt only if they are named: a task sees few of their rows.
    return !tables.has(path) && (which === "all" || !heads.has(path));
  });
}

/** The weights of the last layer with weights before each task's output. */
function headWeights({ nodes, tasks }: Model): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const waiting = tasks.map((task) => task.output);
  const seen = new Set<string>();
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const node = byId.get(ref);
    if (!node || seen.has(ref)) continue;
    seen.add(ref);
    const weights = Object.values(node.weights);
    if (weights.length === 0) waiting.push(...node.inputs);
    else for (const path of weights) found.add(path);
  }
  return found;
}

function tableWeights({ nodes }: Model): Set<string> {
  return new Set(nodes.filter((n) => n.layer === "embedding").flatMap((n) => Object.values(n.weights)));
}
