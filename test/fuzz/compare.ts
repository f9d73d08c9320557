import { compile } from "../../src/index.js";
import { evaluateDataset, outputWidth, overChunks } from "../../src/runtime/evaluation.js";
import type { Dataset } from "../../src/runtime/dataset.js";
import type { ModelDescriptor } from "../../src/runtime/descriptor.js";
import { epochOrder, type EpochOrder } from "../../src/runtime/order.js";
import { fitTransforms, pipelines, toDataset } from "../../src/runtime/pipeline.js";
import { encodeData } from "../../src/runtime/raw-data.js";
import { intScalar, names } from "../../src/runtime/programs.js";
import type { Session } from "../../src/runtime/session.js";
import { writeStatistics } from "../../src/runtime/statistics.js";
import { createStepper, newPartialEpoch } from "../../src/runtime/steps.js";
import { newTrainingState, type PartialEpoch, type TrainingState } from "../../src/runtime/training-state.js";
import { error } from "../tensor/numbers.js";
import { startEngines } from "./engines.js";
import type { Case } from "./models.js";

/** DESIGN §6: what an engine in float32 may differ by from the reference's step. */
const TOLERANCE = 1e-4;

/** Steps of each model. */
const STEPS = 4;

export interface Difference {
  readonly engine: string;
  readonly what: string;
  readonly error: number;
}

/** Where the training stands between two steps. */
interface Place {
  readonly state: TrainingState;
  readonly partial: PartialEpoch;
}

/** Trains on the reference, takes each step on all other engines too, from the reference's state, and says what differs. */
export async function compareEngines(given: Case, folder: URL): Promise<Difference[]> {
  const { document, diagnostics } = compile(given.spec);
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (!document) throw new Error(errors.map((d) => `${d.code} ${d.message}`).join("\n"));
  const { descriptor, reference, others } = await startEngines(document, folder, `case${given.seed}`);
  const found: Difference[] = [];
  const note = (engine: string, what: string, difference: number, most = TOLERANCE) => {
    if (!(difference <= most)) found.push({ engine, what, error: difference });
  };
  const encoded = encodeData(descriptor, given, true);
  const fitted = fitTransforms(descriptor, encoded);
  const datasets = new Map<Session, Dataset>();
  const { seed } = descriptor.train;
  for (const session of [reference, ...Object.values(others)]) {
    datasets.set(session, toDataset(descriptor, encoded, fitted, session.precision, true));
    await session.run("init", { seed: intScalar(seed) }, 1);
  }
  const sameStates = (engine: string, session: Session, when: string, determined = true) => {
    for (const name of reference.stateNames()) {
      const { data } = session.read(name);
      const right = reference.read(name).data;
      const difference = determined ? error(data, right) : Number(!data.every(Number.isFinite));
      note(engine, `${when}: ${name}`, isRounding(name, data, right) ? 0 : difference);
    }
  };
  for (const [engine, session] of Object.entries(others)) sameStates(engine, session, "init");
  writeStatistics(descriptor, reference, datasets.get(reference)!);

  let place: Place = { state: newTrainingState(), partial: newPartialEpoch(descriptor.tasks) };
  let order = orderOf(descriptor, datasets.get(reference)!, 0);
  for (let step = 0; step < STEPS; step++) {
    for (const [, session] of Object.entries(others)) copyStates(reference, session);
    const before = place;
    const totalSteps = 10;
    const run = (session: Session) =>
      takeStep(descriptor, session, datasets.get(session)!, order, structuredClone(before), totalSteps);
    place = await run(reference);
    const losses = lossesOf(place, given.determined);
    for (const [engine, session] of Object.entries(others)) {
      const after = lossesOf(await run(session), given.determined);
      note(engine, `step ${step}: losses`, error(after, losses));
      sameStates(engine, session, `step ${step}`, given.determined);
    }
    if (place.partial.rows === order.rows.length) {
      const { state } = place;
      state.epoch++;
      place = { state, partial: newPartialEpoch(descriptor.tasks) };
      order = orderOf(descriptor, datasets.get(reference)!, state.epoch);
    } else forget(place.partial);
  }

  const data = datasets.get(reference)!;
  const right = await evaluateDataset(descriptor, reference, pipelines(fitted), data);
  const said = await outputsOf(descriptor, reference, data);
  for (const [engine, session] of Object.entries(others)) {
    copyStates(reference, session);
    const own = datasets.get(session)!;
    const report = await evaluateDataset(descriptor, session, pipelines(fitted), own);
    const outputs = await outputsOf(descriptor, session, own);
    for (const [task, values] of Object.entries(said))
      note(engine, `predictions of ${task}`, error(outputs[task]!, values));
    for (const [task, loss] of Object.entries(right.losses))
      note(engine, `evaluated loss of ${task}`, error([report.losses[task] ?? 0], [loss ?? 0]));
    session.dispose();
  }
  reference.dispose();
  return found;
}

/** Logarithms of a balancer's factors, which are about 1, are off by these factors' rounding, however small they are. */
function isRounding(name: string, data: ArrayLike<number>, right: ArrayLike<number>): boolean {
  return name.startsWith("balance/") && Array.from(data).every((x, i) => Math.abs(x - right[i]!) < 5e-7);
}

function orderOf({ train }: ModelDescriptor, data: Dataset, epoch: number): EpochOrder {
  const batch = train.batch === "full" ? data.rows : Math.min(train.batch, data.rows);
  return epochOrder(data, { ...train, batch, epoch });
}

/** One optimizer step, of as many batches as the spec adds up. */
async function takeStep(
  descriptor: ModelDescriptor,
  session: Session,
  training: Dataset,
  { rows, ends }: EpochOrder,
  { state, partial }: Place,
  totalSteps: number,
): Promise<Place> {
  const { seed, accumulate } = descriptor.train;
  const stepper = createStepper({ descriptor, session, training, state, seed }, rows, partial, {
    totalSteps,
  });
  const next = ends.findIndex((end) => end > partial.rows);
  for (const end of ends.slice(next, next + accumulate)) await stepper.batch(end - partial.rows);
  await stepper.update();
  state.step++;
  return { state, partial };
}

/** As a stepper does between steps. */
function forget(partial: PartialEpoch): void {
  Object.assign(partial.waiting, { batches: 0, rows: 0 });
  for (const sums of Object.values(partial.waiting.sums))
    Object.assign(sums, { sum: 0, weighted: 0, rows: 0, labelled: 0 });
}

function lossesOf({ partial }: Place, determined: boolean): number[] {
  return Object.values(partial.waiting.sums).flatMap(({ sum, weighted, labelled }) => [
    sum,
    determined ? weighted : 0,
    labelled,
  ]);
}

function copyStates(from: Session, to: Session): void {
  for (const name of from.stateNames()) to.write(name, from.read(name));
}

async function outputsOf(
  { tasks }: ModelDescriptor,
  session: Session,
  data: Dataset,
): Promise<Record<string, Float64Array>> {
  const outputs = Object.fromEntries(
    tasks.map((t) => [t.name, new Float64Array(data.rows * outputWidth(t))]),
  );
  await overChunks(session, "predict", { ...data, arguments: inputsOf(data) }, (results, start) => {
    for (const task of tasks)
      outputs[task.name]!.set(results[names.prediction(task.name)]!, start * outputWidth(task));
  });
  return outputs;
}

function inputsOf(data: Dataset): Dataset["arguments"] {
  return Object.fromEntries(Object.entries(data.arguments).filter(([name]) => name.startsWith("inputs/")));
}
