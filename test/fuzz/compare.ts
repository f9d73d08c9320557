import { compile } from "../../src/index.js";
import { evaluateDataset, outputsOf, overChunks, takeOutput } from "../../src/runtime/evaluation.js";
import type { Dataset } from "../../src/runtime/dataset.js";
import type { ModelDescriptor } from "../../src/runtime/descriptor.js";
import { epochOrder, type EpochOrder } from "../../src/runtime/order.js";
import { fitTransforms, pipelines, toDataset } from "../../src/runtime/pipeline.js";
import { encodeData } from "../../src/runtime/raw-data.js";
import { intScalar } from "../../src/runtime/programs.js";
import type { Session } from "../../src/runtime/session.js";
import { writeStatistics } from "../../src/runtime/statistics.js";
import { createStepper, newPartialEpoch } from "../../src/runtime/steps.js";
import { newTrainingState, type PartialEpoch, type TrainingState } from "../../src/runtime/training-state.js";
import { error } from "../tensor/numbers.js";
import { startEngines } from "./engines.js";
import type { Case } from "./models.js";

/** DESIGN §6: what an engine in float32 may differ by from the reference's step. */
const TOLERANCE = 1e-4;

/**
 * Where rounding each operation's result to float32 makes more of a difference than that, as gradients that cancel each other do, an engine
 * may be off by so many times as much.
 */
const ROUNDINGS = 20;

/** Steps of each model. */
const STEPS = 4;

/** How long the schedules are taken to be. */
const TOTAL_STEPS = 10;

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

/** What is compared, by name. */
type Numbers = ReadonlyMap<string, ArrayLike<number>>;

/** Trains on the reference, takes each step on all other engines too, from the reference's state, and says what differs. */
export async function compareEngines(given: Case, folder: URL): Promise<Difference[]> {
  const { document, diagnostics } = compile(given.spec);
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (!document) throw new Error(errors.map((d) => `${d.code} ${d.message}`).join("\n"));
  const { descriptor, reference, rounded, others } = await startEngines(
    document,
    folder,
    `case${given.seed}`,
  );
  const { inputs, labels, rowWeight } = given;
  const encoded = encodeData(descriptor, { inputs, labels, rowWeight }, true);
  const fitted = fitTransforms(descriptor, encoded);
  const rowsFor = (session: Session) => toDataset(descriptor, encoded, fitted, session.precision, true);
  const datasets = new Map([reference, rounded, ...Object.values(others)].map((s) => [s, rowsFor(s)]));
  const found: Difference[] = [];
  /** Does the same on every engine. */
  const compare = async (when: string, work: (session: Session, data: Dataset) => Promise<Numbers>) => {
    const right = await work(reference, datasets.get(reference)!);
    let near: Numbers | undefined;
    for (const [engine, session] of Object.entries(others))
      for (const [what, numbers] of await work(session, datasets.get(session)!)) {
        const difference = error(numbers, right.get(what)!);
        if (difference <= TOLERANCE) continue;
        near ??= await work(rounded, datasets.get(rounded)!);
        if (difference <= TOLERANCE + ROUNDINGS * error(near.get(what)!, right.get(what)!)) continue;
        found.push({ engine, what: `${when}: ${what}`, error: difference });
      }
  };
  const everywhere = [rounded, ...Object.values(others)];

  const { seed } = descriptor.train;
  await compare("init", async (session) => {
    await session.run("init", { "clock/seed": intScalar(seed) }, 1);
    return statesOf(session);
  });
  writeStatistics(descriptor, reference, datasets.get(reference)!);

  let place: Place = { state: newTrainingState(), partial: newPartialEpoch(descriptor.tasks) };
  for (let step = 0; step < STEPS; step++) {
    for (const session of everywhere) copyStates(reference, session);
    const order = orderOf(descriptor, datasets.get(reference)!, place.state.epoch);
    const before = structuredClone(place);
    await compare(`step ${step}`, async (session, data) => {
      const after = await takeStep(descriptor, session, data, order, structuredClone(before));
      if (session === reference) place = after;
      return new Map<string, ArrayLike<number>>([["losses", lossesOf(after)], ...statesOf(session)]);
    });
    if (place.partial.rows === order.rows.length) {
      place.state.epoch++;
      place = { state: place.state, partial: newPartialEpoch(descriptor.tasks) };
    } else forget(place.partial);
  }

  for (const session of everywhere) copyStates(reference, session);
  await compare("afterwards", async (session, data) => {
    const { losses } = await evaluateDataset(descriptor, session, pipelines(fitted), data);
    const evaluated = Object.values(losses).map((loss) => loss ?? 0);
    const outputs = await predictionsOf(descriptor, session, data);
    return new Map<string, ArrayLike<number>>([["evaluated losses", evaluated], ...outputs]);
  });
  for (const session of [reference, ...everywhere]) session.dispose();
  return found;
}

function statesOf(session: Session): Map<string, ArrayLike<number>> {
  return new Map(session.stateNames().map((name) => [name, session.read(name).data]));
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
): Promise<Place> {
  const { seed, accumulate } = descriptor.train;
  const stepper = createStepper({ descriptor, session, training, state, seed }, rows, partial, {
    totalSteps: TOTAL_STEPS,
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

function lossesOf({ partial }: Place): number[] {
  return Object.values(partial.waiting.sums).flatMap(({ sum, weighted, labelled }) => [
    sum,
    weighted,
    labelled,
  ]);
}

function copyStates(from: Session, to: Session): void {
  for (const name of from.stateNames()) to.write(name, from.read(name));
}

async function predictionsOf(
  { tasks }: ModelDescriptor,
  session: Session,
  data: Dataset,
): Promise<(readonly [string, Float64Array])[]> {
  const outputs = outputsOf(tasks, data.rows);
  await overChunks(session, "predict", { ...data, arguments: inputsOf(data) }, (call, start) => {
    for (const output of outputs) takeOutput(output, call, start);
  });
  return outputs.map(({ task, output }) => [`predictions of ${task.name}`, output]);
}

function inputsOf(data: Dataset): Dataset["arguments"] {
  return new Map([...data.arguments].filter(([name]) => name.startsWith("inputs/")));
}
