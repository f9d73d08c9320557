import { accuracy } from "./accuracy.js";
import { auc } from "./auc.js";
import { f1 } from "./f1.js";
import { logLoss } from "./log_loss.js";
import { mae } from "./mae.js";
import type { Metric } from "./metric.js";
import { precision } from "./precision.js";
import { r2 } from "./r2.js";
import { recall } from "./recall.js";
import { rmse } from "./rmse.js";

export type { Metric, MetricInput, MetricResult } from "./metric.js";

/** Every metric there is. */
export const metrics: readonly Metric[] = [accuracy, auc, f1, precision, recall, mae, rmse, r2, logLoss];
