import type { PathParameter, PlannedEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

const on: PathParameter = {
  kind: "path",
  name: "on",
  list: true,
  doc: "The weights whose gradients it looks at; those that two tasks or more reach by default.",
  default: null,
};

function planned(name: string, doc: string, parameters: PlannedEntry["parameters"] = [on]): PlannedEntry {
  return { kind: "balancer", name, doc, parameters, example: `balance: ${name}`, notYet: true };
}

/** Balancers whose names are settled and whose work is still to come. */
export const plannedBalancers: readonly PlannedEntry[] = [
  planned("dwa", "Dynamic weight average (Liu, Johns and Davison 2019).", [
    option("temperature", nonNegative, "How even the weights are.", 2),
  ]),
  planned("rlw", "Random loss weighting (Lin et al. 2022).", []),
  planned("gls", "Geometric loss strategy (Chennupati et al. 2019).", []),
  planned("gradnorm", "GradNorm (Chen et al. 2018).", [
    on,
    option("alpha", nonNegative, "The restoring force.", 1.5),
  ]),
  planned("pcgrad", "Projecting conflicting gradients (Yu et al. 2020)."),
  planned("gradvac", "Gradient vaccine (Wang et al. 2021)."),
  planned("mgda", "Multiple gradient descent (Désidéri 2012; Sener and Koltun 2018)."),
  planned("cagrad", "Conflict-averse gradient descent (Liu et al. 2021)."),
  planned("graddrop", "Gradient sign dropout (Chen et al. 2020)."),
  planned("imtl_g", "Impartial multi-task learning, gradients (Liu et al. 2021)."),
  planned("imtl_l", "Impartial multi-task learning, losses (Liu et al. 2021).", []),
  planned("nash_mtl", "Nash bargaining (Navon et al. 2022)."),
  planned("aligned_mtl", "Aligned-MTL (Senushkin et al. 2023)."),
  planned("fairgrad", "Fair resource allocation (Ban and Ji 2024)."),
  planned("famo", "Fast adaptive multi-task optimization (Liu et al. 2023).", []),
  planned("excess_risk", "Excess-risk balancing (He et al. 2024).", []),
];
