import type { AlgorithmEntry } from "../meta-entry.js";
import { adapt, innerLr, innerSteps } from "./common.js";

const embed = { kind: "path", name: "embed", doc: "The binding that embeds." } as const;

/** Algorithms whose sections are checked and whose work is still to come. */
export const planned: readonly AlgorithmEntry[] = [
  {
    kind: "algorithm",
    name: "protonet",
    doc: "Prototypical networks (Snell, Swersky and Zemel 2017).",
    example: "algorithm: protonet(embed: h)",
    notYet: true,
    parameters: [embed],
  },
  {
    kind: "algorithm",
    name: "matching",
    doc: "Matching networks (Vinyals et al. 2016).",
    example: "algorithm: matching(embed: h)",
    notYet: true,
    parameters: [embed],
  },
  {
    kind: "algorithm",
    name: "relation",
    doc: "Relation networks (Sung et al. 2018).",
    example: "algorithm: relation(embed: h)",
    notYet: true,
    parameters: [embed],
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
