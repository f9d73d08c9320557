import type { HostTensor } from "./tensor.js";

/** The names of program arguments, results and state that the runtime uses. */
export const names = {
  input: (name: string) => `inputs/${name}`,
  label: (task: string) => `labels/${task}`,
  present: (task: string) => `present/${task}`,
  rowWeight: "row_weight",
  taskRowWeight: (task: string) => `row_weight/${task}`,
  loss: (task: string) => `loss/${task}`,
  factor: (task: string) => `factor/${task}`,
  sum: (task: string) => `sum/${task}`,
  count: (task: string) => `count/${task}`,
  prediction: (task: string) => `prediction/${task}`,
  presenceRate: (task: string) => `presence_rate/${task}`,
  metaLoss: "loss/query",
  innerStep: "inner_step",
  /** Which of the tasks of a meta-step it is. */
  taskNumber: "task",
  classNumbers: "classes",
  adapted: (path: string) => `adapted/${path}`,
  classWeights: (task: string) => `class_weights/${task}`,
} as const;

export function intScalar(value: number): HostTensor {
  return { dtype: "int", shape: [], data: Int32Array.of(value) };
}
