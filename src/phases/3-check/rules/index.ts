import { balancing } from "./balancing.js";
import { budget } from "./budget.js";
import { episodeTasks } from "./episode-tasks.js";
import { freezing } from "./freezing.js";
import { classes } from "./classes.js";
import { lossFits } from "./loss-fits.js";
import { mappings } from "./mappings.js";
import { meta } from "./meta.js";
import { metricFits } from "./metric-fits.js";
import { monitored } from "./monitored.js";
import { outputFits } from "./output-fits.js";
import { optimizers } from "./optimizers.js";
import type { Rule } from "./rule.js";
import { sources } from "./sources.js";
import { split } from "./split.js";
import { transforms } from "./transforms.js";

/** The rules that hold for a model from text and for one from JSON. */
export const documentRules: readonly Rule[] = [
  lossFits,
  outputFits,
  metricFits,
  mappings,
  sources,
  split,
  classes,
  episodeTasks,
  transforms,
  optimizers,
  freezing,
  balancing,
  monitored,
  meta,
  budget,
];
