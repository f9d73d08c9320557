import type { PathParameter, PlainEntry } from "../entry.js";
import { count, nonNegative, option } from "../schemas.js";

const order = option("order", { enum: [1, 2] }, "Whether the inner steps are differentiated through.", 2);
const innerSteps = option("inner_steps", count, "Steps of the inner loop.", 1);
const innerLr = option("inner_lr", nonNegative, "The learning rate of the inner loop.", 0.01);
const adapt: PathParameter = {
  kind: "path",
  name: "adapt",
  list: true,
  doc: "The weights that adapt.",
  default: null,
};

/** Meta-learning algorithms: their sections are checked, and running them is still to come. */
export const algorithms: readonly PlainEntry[] = [
  {
    kind: "algorithm",
    name: "maml",
    doc: "Model-agnostic meta-learning (Finn, Abbeel and Levine 2017).",
    example: "algorithm: maml",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "maml_pp",
    doc: "MAML++ (Antoniou, Edwards and Storkey 2019).",
    example: "algorithm: maml_pp",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "meta_sgd",
    doc: "Meta-SGD (Li et al. 2017).",
    example: "algorithm: meta_sgd",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "anil",
    doc: "Almost no inner loop (Raghu et al. 2020).",
    example: "algorithm: anil",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "boil",
    doc: "Body only update in inner loop (Oh et al. 2021).",
    example: "algorithm: boil",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "cavia",
    doc: "Fast context adaptation (Zintgraf et al. 2019).",
    example: "algorithm: cavia",
    notYet: true,
    parameters: [order, innerSteps, innerLr, adapt],
  },
  {
    kind: "algorithm",
    name: "reptile",
    doc: "Reptile (Nichol, Achiam and Schulman 2018).",
    example: "algorithm: reptile",
    notYet: true,
    parameters: [innerSteps, innerLr, option("epsilon", nonNegative, "The outer step.", 0.1), adapt],
  },
  {
    kind: "algorithm",
    name: "imaml",
    doc: "Implicit MAML (Rajeswaran et al. 2019).",
    example: "algorithm: imaml",
    notYet: true,
    parameters: [innerSteps, innerLr, option("strength", nonNegative, "The proximal term.", 2), adapt],
  },
  {
    kind: "algorithm",
    name: "protonet",
    doc: "Prototypical networks (Snell, Swersky and Zemel 2017).",
    example: "algorithm: protonet(embed: h)",
    notYet: true,
    parameters: [{ kind: "path", name: "embed", doc: "The binding that embeds." }],
  },
  {
    kind: "algorithm",
    name: "matching",
    doc: "Matching networks (Vinyals et al. 2016).",
    example: "algorithm: matching(embed: h)",
    notYet: true,
    parameters: [{ kind: "path", name: "embed", doc: "The binding that embeds." }],
  },
  {
    kind: "algorithm",
    name: "relation",
    doc: "Relation networks (Sung et al. 2018).",
    example: "algorithm: relation(embed: h)",
    notYet: true,
    parameters: [{ kind: "path", name: "embed", doc: "The binding that embeds." }],
  },
  {
    kind: "algorithm",
    name: "supervised",
    doc: "Train on all tasks, then fine-tune.",
    example: "algorithm: supervised",
    notYet: true,
    parameters: [innerSteps, innerLr, adapt],
  },
];
