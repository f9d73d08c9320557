import { entry as libraryEntry } from "../library/index.js";
import type { AlgorithmEntry, GradientAlgorithm, MetaSizes } from "../library/meta-entry.js";
import type { MetaDocument, ModelDocument } from "./types.js";
import { collectWeights, matchesPattern, tasksByWeight, valueTypes, type WeightInfo } from "./weights.js";
import { elementCount } from "../runtime/tensor.js";

type Model = Pick<ModelDocument, "inputs" | "nodes" | "tasks">;

/** The algorithm of a `meta` section, where it is one of inner gradient steps. */
export function gradientAlgorithm({ algorithm }: MetaDocument): GradientAlgorithm | undefined {
  const entry = libraryEntry("algorithm", algorithm.name);
  return isGradient(entry) ? entry : undefined;
}

export function isGradient(algorithm: AlgorithmEntry): algorithm is GradientAlgorithm {
  return "meta" in algorithm;
}

/** The value that `embed` names, where the algorithm embeds rows. */
export function embedOf({ algorithm }: MetaDocument): string | undefined {
  return (algorithm.options["embed"] ?? undefined) as string | undefined;
}

/** How many rows of each kind an episode has; with classes, so many of each class. */
export interface EpisodeSizes {
  readonly support: number;
  readonly query: number;
}

export function episodeSizes({ settings }: MetaDocument): EpisodeSizes {
  const { ways, support, query } = episodeOf(settings);
  return { support: support * (ways ?? 1), query: query * (ways ?? 1) };
}

function episodeOf(settings: MetaDocument["settings"]) {
  return settings["episode"] as unknown as EpisodeSizes & { readonly ways: number | null };
}

/** What an algorithm may make weights of its own by. */
export function metaSizes(
  document: Model & Pick<ModelDocument, "data">,
  meta: MetaDocument,
  adapting: MetaSizes["adapting"],
): MetaSizes {
  const embed = embedOf(meta);
  return {
    adapting,
    support: episodeSizes(meta).support,
    ways: document.tasks[0]?.label.classes ?? 0,
    width: embed === undefined ? 0 : elementCount(valueTypes(document).get(embed)!.dims),
    classes: document.data?.classes?.train.length ?? 0,
  };
}

/** The patterns of `adapt`, of the algorithm or else of the section. */
export function adaptPatterns({ algorithm, settings }: MetaDocument): readonly string[] | undefined {
  return (algorithm.options["adapt"] ?? settings["adapt"] ?? undefined) as readonly string[] | undefined;
}

/** The weights that adapt to a task: those that are named, else those that the algorithm takes. */
export function adaptingWeights(model: Model, meta: MetaDocument): WeightInfo[] {
  const which = gradientAlgorithm(meta)?.adapts;
  if (which === undefined) return [];
  const reached = tasksByWeight(model);
  const trained = collectWeights(model).weights.filter(({ path }) => reached.has(path));
  const patterns = adaptPatterns(meta);
  if (patterns)
    return trained.filter(({ path }) => patterns.some((pattern) => matchesPattern(pattern, path)));
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
