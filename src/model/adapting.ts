import type { MetaDocument, ModelDocument } from "../document/types.js";
import { entry as libraryEntry } from "../library/index.js";
import type { AlgorithmEntry, GradientAlgorithm, MetaSizes } from "../library/meta-entry.js";
import { isTexts } from "../library/kinds/parameters.js";
import { elementCount } from "../runtime/elements.js";
import type { ModelAnalysis } from "./analysis.js";
import { PatternIndex } from "./patterns.js";
import type { WeightInfo } from "./weights.js";

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
  const { embed } = algorithm.options;
  return typeof embed === "string" ? embed : undefined;
}

/** How many rows of each kind an episode has; with classes, so many of each class. */
export interface EpisodeSizes {
  readonly support: number;
  readonly query: number;
}

export function episodeSizes({ settings }: MetaDocument): EpisodeSizes {
  const { ways, support, query } = settings.episode;
  return { support: support * (ways ?? 1), query: query * (ways ?? 1) };
}

/** The sizes that an algorithm's own weights may depend on. */
export function metaSizes(
  { document, types }: ModelAnalysis,
  meta: MetaDocument,
  adapting: MetaSizes["adapting"],
): MetaSizes {
  const embed = embedOf(meta);
  const embedded = embed === undefined ? undefined : types.get(embed);
  return {
    adapting,
    support: episodeSizes(meta).support,
    ways: document.tasks[0]?.label.classes ?? 0,
    width: embedded ? elementCount(embedded.dims) : 0,
    classes: document.data?.classes?.train.length ?? 0,
  };
}

/** The patterns of `adapt`, of the algorithm or else of the section. */
export function adaptPatterns({ algorithm, settings }: MetaDocument): readonly string[] | undefined {
  const own = algorithm.options["adapt"] ?? null;
  return (isTexts(own) ? own : settings.adapt) ?? undefined;
}

/** The weights that adapt to a task: those that are named, else those that the algorithm takes. */
export function adaptingWeights(model: ModelAnalysis, meta: MetaDocument): WeightInfo[] {
  const which = gradientAlgorithm(meta)?.adapts;
  if (which === undefined) return [];
  const trained = model.weights.filter(({ path }) => model.reach.tasksOfWeight(path).length > 0);
  const patterns = adaptPatterns(meta);
  if (patterns) {
    const named = new PatternIndex(patterns);
    return trained.filter(({ path }) => named.matches(path));
  }
  if (which === "context") return [];
  const heads = headWeights(model);
  const tables = tableWeights(model.document);
  return trained.filter(({ path }) => {
    if (which === "head") return heads.has(path);
    // Embedding tables adapt only if the spec names them, as a task sees few of their rows.
    return !tables.has(path) && (which === "all" || !heads.has(path));
  });
}

/** The weights of the last layer with weights before each task's output. */
function headWeights({ document, nodes }: ModelAnalysis): Set<string> {
  const found = new Set<string>();
  const waiting = document.tasks.map((task) => task.output);
  const seen = new Set<string>();
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const node = nodes.get(ref);
    if (!node || seen.has(ref)) continue;
    seen.add(ref);
    const weights = Object.values(node.weights);
    if (weights.length === 0) for (const each of node.inputs) waiting.push(each);
    else for (const path of weights) found.add(path);
  }
  return found;
}

function tableWeights({ nodes }: Pick<ModelDocument, "nodes">): Set<string> {
  return new Set(
    nodes.flatMap((node) => (libraryEntry("layer", node.layer).table ? Object.values(node.weights) : [])),
  );
}
