import { costs } from "../../document/costs.js";
import { frozenEpochs, isFrozen, showFrozenEpochs, type FrozenEpochs } from "../../document/trained.js";
import type { ModelDocument, TrainDocument } from "../../document/types.js";
import { collectWeights, reachOf } from "../../document/weights.js";
import { flopsOf } from "../../phases/5-lower/flops.js";
import { balancingCost } from "../balancing.js";
import { table } from "../format.js";
import { innerLoopCost } from "../inner-loop.js";
import { trainName } from "../model.js";
import { print, printJson } from "../output.js";
import { loadSpec } from "../spec.js";
import { elementCount } from "../../runtime/tensor.js";

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
  const spec = loadSpec(path, options);
  const name = trainName(spec, options.train);
  const train = spec.document.train.find((t) => name === undefined || t.name === name)!;
  const lines = layerLines(spec.document, train);
  const total = costs(spec.document);
  const flops = flopsOf(spec.document);
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
  for (const line of spec.document.meta
    ? await innerLoopCost(spec.document)
    : balancingCost(spec.document, train))
    print(line);
}

function layerLines(document: ModelDocument, train: TrainDocument): Line[] {
  const sizes = new Map(collectWeights(document).weights.map((w) => [w.path, elementCount(w.shape)]));
  const reach = document.tasks.map((task) => ({ name: task.name, values: reachOf(document, task).values }));
  const counted = new Set<string>();
  return document.nodes
    .filter((node) => node.layer !== "constant")
    .map((node) => {
      const paths = Object.values(node.weights);
      const fresh = paths.filter((path) => !counted.has(path));
      fresh.forEach((path) => counted.add(path));
      const users = document.nodes.filter((other) =>
        Object.values(other.weights).some((path) => paths.includes(path)),
      );
      const tasks = reach.filter(
        ({ values }) => users.some((user) => values.has(user.id)) || values.has(node.id),
      );
      const epochs = paths.map((path) => frozenEpochs(train, path));
      const alike = new Set(epochs.map((e) => JSON.stringify(e))).size === 1;
      return {
        layer: node.id,
        kind: node.layer,
        shape: node.type.dims,
        parameters: fresh.reduce((sum, path) => sum + sizes.get(path)!, 0),
        tasks: tasks.map((t) => t.name),
        shared: paths.length > 0 && (tasks.length > 1 || users.length > 1),
        // Said of a layer where it holds for all of its weights.
        frozen: paths.length > 0 && paths.every((path) => isFrozen(train, path)),
        frozen_epochs: alike ? epochs[0]! : [],
      };
    });
}
