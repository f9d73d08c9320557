import { ModelAnalysis } from "../../model/analysis.js";
import { showFrozenEpochs, type FrozenEpochs } from "../../model/trained.js";
import type { ModelDocument, TrainDocument } from "../../document/types.js";
import { entry as libraryEntry } from "../../library/index.js";
import { elementCount } from "../../runtime/elements.js";
import { flopsOf } from "../../model/flops.js";
import { balancingCost } from "../balancing.js";
import { table } from "../format.js";
import { innerLoopCost } from "../inner-loop.js";
import { trainSection } from "../model.js";
import { print, printJson } from "../output.js";
import { loadSpec } from "../spec.js";

export interface SummaryOptions {
  readonly json?: boolean;
  readonly train?: string;
}

interface Line {
  readonly layer: string;
  readonly kind: string;
  readonly shape: readonly number[];
  readonly parameters: number;
  readonly tasks: readonly string[];
  readonly shared: boolean;
  readonly frozen: boolean;
  readonly frozen_epochs: readonly FrozenEpochs[];
}

/** The table of layers: shapes, parameters, which tasks use each, what is shared or frozen. */
export async function summary(path: string, options: SummaryOptions): Promise<void> {
  const spec = await loadSpec(path, options);
  const train = trainSection(spec, options.train);
  const model = new ModelAnalysis(spec.document);
  const lines = layerLines(model, train);
  const total = model.costs;
  const flops = flopsOf(model);
  if (options.json) {
    printJson({ model: spec.document.name, layers: lines, parameters: total.parameters, flops });
    return;
  }
  const number = (n: number) => n.toLocaleString("en-US");
  const tasks = spec.document.tasks.map((t) => t.name);
  const rows = lines.map((line) => [
    line.layer,
    line.kind,
    `[${line.shape.join(", ")}]`,
    line.parameters === 0 ? "" : number(line.parameters),
    line.tasks.length === tasks.length && tasks.length > 1 ? "all" : line.tasks.join(", "),
    [line.shared ? "shared" : "", line.frozen ? "frozen" : showFrozenEpochs(line.frozen_epochs)]
      .filter(Boolean)
      .join(", "),
  ]);
  const inputs = spec.document.inputs.map((input) => [
    input.name,
    "input",
    `[${input.type.dims.join(", ")}]`,
    "",
    "",
    "",
  ]);
  print(table([["layer", "kind", "shape", "parameters", "tasks", ""], ...inputs, ...rows], [3]));
  const frozen = lines.filter((l) => l.frozen).reduce((sum, l) => sum + l.parameters, 0);
  const kept = frozen > 0 ? ` (${number(frozen)} frozen)` : "";
  print(
    `\n${spec.document.name}: ${number(total.parameters)} parameters${kept}, ${number(total.weights)} bytes, ${number(flops)} operations a row`,
  );
  for (const line of spec.document.meta ? await innerLoopCost(spec.document) : balancingCost(model, train))
    print(line);
}

function layerLines(model: ModelAnalysis, train: TrainDocument): Line[] {
  const { document, weights, reach } = model;
  const settings = model.settings(train);
  const sizes = new Map(weights.map((w) => [w.path, elementCount(w.shape)]));
  const users = usesOfWeights(document.nodes);
  const counted = new Set<string>();
  return document.nodes
    .filter(({ layer, weights: own }) => !libraryEntry("layer", layer).hidden || Object.keys(own).length > 0)
    .map((node) => {
      const paths = Object.values(node.weights);
      const fresh = paths.filter((path) => !counted.has(path));
      fresh.forEach((path) => counted.add(path));
      const tasks = new Set([
        ...paths.flatMap((path) => reach.usersOf(path)),
        ...reach.namesOfValue(node.id),
      ]);
      const epochs = paths.map((path) => settings.frozenEpochs(path));
      const alike = new Set(epochs.map((e) => JSON.stringify(e))).size === 1;
      return {
        layer: node.id,
        kind: node.layer,
        shape: node.type.dims,
        parameters: fresh.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0),
        tasks: document.tasks.map((t) => t.name).filter((name) => tasks.has(name)),
        shared: paths.length > 0 && (tasks.size > 1 || paths.some((path) => (users.get(path) ?? 0) > 1)),
        // Said of a layer where it holds for all of its weights.
        frozen: paths.length > 0 && paths.every((path) => settings.isFrozen(path)),
        frozen_epochs: alike ? (epochs[0] ?? []) : [],
      };
    });
}

/** How many layers use each weight. */
function usesOfWeights(nodes: ModelDocument["nodes"]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { weights } of nodes)
    for (const path of new Set(Object.values(weights))) uses.set(path, (uses.get(path) ?? 0) + 1);
  return uses;
}
