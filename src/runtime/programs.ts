import type { HostTensor } from "./tensor.js";

/**
 * The names of program arguments, results and state that the runtime uses. They contain a `/`, which no path of a weight does, so that a
 * weight may be called `lr` or `step`.
 */
export const names = {
  seed: "clock/seed",
  step: "clock/step",
  epoch: "clock/epoch",
  scheduleStep: "clock/schedule_step",
  scheduleEpoch: "clock/schedule_epoch",
  totalSteps: "clock/total_steps",
  lr: "clock/lr",
  /** How many rows the gradients for the next `update` were accumulated over. */
  waitingRows: "clock/rows",
  input: (name: string) => `inputs/${name}`,
  label: (task: string) => `labels/${task}`,
  present: (task: string) => `present/${task}`,
  rowWeight: "rows/weight",
  taskRowWeight: (task: string) => `row_weight/${task}`,
  loss: (task: string) => `loss/${task}`,
  factor: (task: string) => `factor/${task}`,
  sum: (task: string) => `sum/${task}`,
  count: (task: string) => `count/${task}`,
  prediction: (task: string) => `prediction/${task}`,
  presenceRate: (task: string) => `presence_rate/${task}`,
  metaLoss: "loss/query",
  innerStep: "episode/inner_step",
  /** The index of a task within its meta-step. */
  taskNumber: "episode/task",
  classNumbers: "episode/classes",
  adapted: (path: string) => `adapted/${path}`,
  classWeights: (task: string) => `class_weights/${task}`,
} as const;

export function intScalar(value: number): HostTensor {
  return { dtype: "int", shape: [], data: Int32Array.of(value) };
}
