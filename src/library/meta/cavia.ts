import { maml } from "./maml.js";

export const cavia: typeof maml = {
  ...maml,
  name: "cavia",
  doc: "Fast context adaptation (Zintgraf et al. 2019, algorithm 1): only weights `adapt` that the model takes as its context adapt, from 0 in every task; the outer optimizer trains all others.",
  example: "algorithm: cavia(adapt: context, inner_lr: 1)",
  adapts: "context",
};
