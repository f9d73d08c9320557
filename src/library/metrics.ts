import { metrics as runtimeMetrics, type Metric } from "../runtime/metrics/index.js";
import type { Entry } from "./entry.js";
import { runtimeParameter } from "./runtime-parameter.js";

export interface MetricEntry extends Entry {
  readonly kind: "metric";
  /** The kinds of label that it fits. */
  readonly labels: Metric["labels"];
  readonly better: Metric["better"];
}

/** The runtime's metrics, as entries of the library. */
export const metrics: readonly MetricEntry[] = runtimeMetrics.map((metric) => ({
  kind: "metric",
  name: metric.name,
  doc: metric.doc,
  example: `metrics: [${metric.name}]`,
  parameters: metric.parameters.map(runtimeParameter),
  labels: metric.labels,
  better: metric.better,
}));
