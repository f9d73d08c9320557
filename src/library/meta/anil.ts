import { maml } from "./maml.js";

export const anil: typeof maml = {
  ...maml,
  name: "anil",
  doc: "Almost no inner loop (Raghu, Raghu, Bengio and Vinyals 2020, section 4): maml in which only the head adapts, the last layer with weights before each task's output.",
  example: "algorithm: anil(inner_steps: 1, inner_lr: 0.01)",
  adapts: "head",
};
