import type { StateInfo } from "../../model/weights.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import { createBuilder, ops, type Builder, type Program } from "../../tensor/index.js";
import { finish } from "./lazily.js";
import { names, streamOf } from "./names.js";
import { mayRest, waitingByTask, type TrainingPlan } from "./plan.js";
import { classCount } from "./task-losses.js";

/** Weights from their initializers; everything else that training keeps begins at its constant. */
export function initProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("init");
  drawWeights(b, plan);
  const constant = (name: string, value: number, shape: readonly number[]) =>
    b.update(name, ops.fill(b, value, shape));
  for (const { path, shape, initial } of state) constant(path, initial, shape);
  for (const weight of plan.trained) {
    for (const slot of weight.slots) constant(names.slot(weight.path, slot), 0, weight.shape);
    if (mayRest(weight) && weight.slots.length > 0) constant(names.updates(weight.path), 0, []);
  }
  beginBalancer(plan, constant);
  if (plan.train.accumulate > 1) beginWaiting(plan, constant);
  beginTasks(b, plan, constant);
  return finish(b);
}

type Begin = (name: string, value: number, shape: readonly number[]) => void;

function beginBalancer({ document, balancer }: TrainingPlan, begin: Begin): void {
  const optional = new Set(document.tasks.filter((t) => t.label.optional).map((t) => t.name));
  for (const { name, shape, initial, adam } of balancer.state) {
    const path = names.balancer(name);
    begin(path, initial, shape);
    if (!adam) continue;
    for (const slot of ["m", "v"]) begin(names.slot(path, slot), 0, shape);
    const counted = balancer.entry.form !== "total" || (adam.task !== undefined && optional.has(adam.task));
    if (counted) begin(names.updates(path), 0, shape);
  }
}

/** Begins the accumulated sums at 0. */
function beginWaiting(plan: TrainingPlan, begin: Begin): void {
  const { document, trained, balancer } = plan;
  const byTask = new Set(waitingByTask(plan));
  for (const weight of trained) {
    if (!byTask.has(weight)) begin(names.gradient(weight.path), 0, weight.shape);
    else for (const task of weight.tasks) begin(names.taskGradient(weight.path, task), 0, weight.shape);
  }
  if (balancer.entry.form !== "total") {
    for (const { name } of document.tasks) begin(names.lossSum(name), 0, []);
    return;
  }
  for (const { name, shape, adam } of balancer.state)
    if (adam) begin(names.gradient(names.balancer(name)), 0, shape);
}

function drawWeights(b: Builder, { weights }: TrainingPlan): void {
  const seed = b.argument(names.seed, { dtype: "int", shape: [] });
  for (const { path, shape, drawnAs, initializer, node } of weights) {
    b.withOrigin(node, () => {
      const entry = libraryEntry("initializer", initializer.name);
      const options = readOptions(entry, initializer.options);
      const drawn = entry.lower({
        b,
        options,
        shape: drawnAs,
        weight: shape,
        seed,
        stream: streamOf(path),
      });
      b.update(path, ops.reshape(b, drawn, shape));
    });
  }
}

function beginTasks(b: Builder, { document, train }: TrainingPlan, begin: Begin): void {
  for (const task of document.tasks) {
    if (task.class_weights) {
      const classes = classCount(task.label);
      const given = task.class_weights === "balanced" ? Array(classes).fill(1) : task.class_weights;
      b.update(names.classWeights(task.name), ops.constant(b, given, [classes]));
    }
    if (!task.label.optional) continue;
    begin(names.presenceRate(task.name), 1, []);
    if (train.accumulate > 1) begin(names.seen(task.name), 0, []);
  }
}
