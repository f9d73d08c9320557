import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { metrics } from "../../../library/metrics.js";
import type { Rule } from "./rule.js";

/** Each metric fits some kinds of label, and a task has it once. */
export const metricFits: Rule = ({ document }, places) =>
  document.tasks.flatMap((task, i) => {
    const seen = new Set<string>();
    return task.metrics.flatMap((metric, m) => {
      const kind = task.label.base === "int" ? "float" : task.label.base;
      const span = places.get(`/tasks/${i}/metrics/${m}`) ?? placeOf(places, `/tasks/${i}/metrics`);
      if (seen.has(metric.name))
        return [diagnostic("NN4009", span, { task: task.name, metric: metric.name })];
      seen.add(metric.name);
      if (libraryEntry("metric", metric.name).labels.includes(kind)) return [];
      const fitting = metrics.filter((e) => e.labels.includes(kind)).map((e) => `\`${e.name}\``);
      return [
        diagnostic(
          "NN4002",
          span,
          { metric: metric.name, label: task.label.base },
          { hint: `There is ${fitting.join(", ")}.` },
        ),
      ];
    });
  });
