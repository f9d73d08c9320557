import { classCount } from "./class-count.js";
import { argumentOf, labelsOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { names } from "./programs.js";
import type { Session } from "./session.js";
import { elementCount } from "./elements.js";

/** Writes what the programs want to know of the training part: presence rates and class weights. */
export function writeStatistics(descriptor: ModelDescriptor, session: Session, training: Dataset): void {
  for (const task of descriptor.tasks) {
    const labels = labelsOf(training, task.name);
    if (task.optional) {
      const present = Float64Array.from(argumentOf(training, names.present(task.name)).data);
      const most = rowsWith(descriptor, task, training) * elementCount(task.elements);
      const rate = present.reduce((sum, p) => sum + p, 0) / most;
      session.write(names.presenceRate(task.name), {
        dtype: "float",
        shape: [],
        data: Float64Array.of(rate || 1),
      });
    }
    if (task.classWeights) {
      const weights = classWeights(task, task.classWeights, labels);
      session.write(names.classWeights(task.name), {
        dtype: "float",
        shape: [weights.length],
        data: weights,
      });
    }
  }
}

/** How many rows are of sources that have the task's labels. */
function rowsWith({ sources }: ModelDescriptor, task: TaskDescriptor, training: Dataset): number {
  if (!training.sources) return training.rows;
  const counts = training.sources.rows.map((own, i) =>
    sources[i]?.tasks.includes(task.name) ? own.length : 0,
  );
  return counts.reduce((sum, n) => sum + n, 0);
}

/** `balanced` is scikit-learn's labels / (classes · labels of the class); a class without labels has weight 1. */
function classWeights(
  task: TaskDescriptor,
  given: NonNullable<TaskDescriptor["classWeights"]>,
  labels: Float64Array,
): Float64Array {
  if (given !== "balanced") return Float64Array.from(given);
  const counts = new Float64Array(classCount(task));
  for (const label of labels) if (!Number.isNaN(label)) counts[label]!++;
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (n === 0 ? 1 : total / (counts.length * n)));
}
