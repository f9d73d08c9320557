/**
 * What is compared: a spec with hard sharing, its variants with experts, the metric of each task (`higher`: whether more is
 * better), and static weights to choose from beside equal ones.
 */
export const datasets = [
  {
    name: "penguins",
    title: "Penguins with missing labels",
    about: "species, body mass in g (labels in 40 % of the rows) and sex (25 %)",
    resplit: true,
    tasks: { species: ["accuracy", true], mass: ["mae", false], sex: ["auc", true] },
    weights: [
      [0.3, 1, 1],
      [1, 3, 3],
    ],
  },
  {
    name: "multi-fashion",
    title: "Multi-Fashion",
    about: "two pictures of clothing over each other, 18×18, 9,000 pairs, 8 epochs",
    tasks: { left: ["accuracy", true], right: ["accuracy", true] },
    weights: [
      [1, 0.5],
      [0.5, 1],
    ],
  },
  {
    name: "pupils",
    title: "Pupils of 160 schools",
    about: "achievement in mathematics and belonging to a minority; whole schools are held back",
    resplit: true,
    tasks: { mathematics: ["rmse", false], minority: ["auc", true] },
    weights: [
      [1, 0.3],
      [0.3, 1],
    ],
  },
  ...[0, 50, 90, 100].map((correlation) => ({
    name: "synthetic",
    column: `second_${correlation}`,
    title: `Synthetic regression, correlation ${correlation / 100}`,
    about: "two tasks of sines, after Ma et al. 2018",
    resplit: true,
    // The sweep is about sharing; the balancers are compared at one correlation.
    only: correlation === 50 ? undefined : ["single-task", "hard sharing", "mmoe", "ple"],
    tasks: { first: ["rmse", false], second: ["rmse", false] },
    weights: [
      [1, 0.3],
      [0.3, 1],
    ],
  })),
];

export const SEEDS = 5;

/**
 * What each method may try on the validation part, with the first seed: learning rates in those of the spec. Static weights
 * try the first three of them with equal weights, and then two weightings at the best one: as many trials.
 */
export const RATES = [1, 0.5, 2, 0.25, 4];
