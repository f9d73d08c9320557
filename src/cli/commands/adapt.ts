import { diagnostic } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import type { MetaModel, Prediction } from "../../runtime/index.js";
import { checkpointPath, loadCheckpoint, orRefuse, startMetaSpec, type EngineOptions } from "../model.js";
import { joinedOf } from "../joined.js";
import { refuseUse, refuseWith } from "../output.js";
import { amongClasses, writePredicted, type OutputOptions } from "../predictions.js";
import { isMeta, type LoadedSpec } from "../spec.js";
import { readQuery, readSupport, type Support } from "../support.js";
import { refuseOthers } from "./meta.js";

export interface AdaptedPredictOptions extends EngineOptions, OutputOptions {
  readonly checkpoint?: string;
  /** A file of labelled rows. */
  readonly adapt?: string;
  readonly innerSteps?: number;
  /** Given by mistake: they are for other specs. */
  readonly row?: string;
  readonly data?: string;
  readonly source?: string;
  readonly part?: string;
}

/** Adapts a checkpoint to the labelled rows of one file and predicts those of another. */
export async function predictAdapted(
  spec: LoadedSpec,
  query: string | undefined,
  options: AdaptedPredictOptions,
): Promise<void> {
  const { adapt } = options;
  if (!isMeta(spec)) refuseWith(diagnostic("NN6010", placeOf(spec.places, ""), {}));
  if (adapt === undefined) refuseWith(diagnostic("NN6011", placeOf(spec.places, "/meta"), {}));
  refuseOthers(options, ["row", "data", "source", "part", "train"]);
  if (query === undefined)
    refuseUse("The file of rows to predict comes last: `nnc predict SPEC --adapt support.csv query.csv`.");
  const support = readSupport(spec, adapt);
  const { inputs, ...all } = readQuery(spec, query, options);
  const model = await startMetaSpec(spec, options);
  const checkpoint = checkpointPath(spec, options.checkpoint);
  await loadCheckpoint(model, checkpoint);
  const { innerSteps: steps } = options;
  const predictions = await orRefuse(spec.path, async () => {
    const adapted = await model.adapt(support.rows, steps === undefined ? {} : { steps });
    return adapted.predict(inputs);
  });
  const named = withClasses(model, support, predictions);
  const joined = joinedOf(all, null, named.tasks, options);
  const rows = all.rows.length;
  const reads = [spec.path, checkpoint, adapt, query];
  writePredicted(
    named.tasks,
    [{ source: undefined, rows, predictions: named.predictions, ...joined }],
    options,
    reads,
  );
  model.dispose();
}

/** The support's classes in the place of indices. */
function withClasses(
  { descriptor }: MetaModel,
  { classes }: Support,
  predictions: Readonly<Record<string, Prediction>>,
) {
  const { tasks } = descriptor;
  const [task] = tasks;
  const prediction = task && new Map(Object.entries(predictions)).get(task.name);
  if (!classes || !task || !prediction) return { tasks, predictions };
  const found = Object.fromEntries([[task.name, amongClasses(prediction, classes)]]);
  return { tasks: [{ ...task, names: classes, classes: classes.length }], predictions: found };
}
