import { maml } from "./maml.js";

export const boil: typeof maml = {
  ...maml,
  name: "boil",
  doc: "Body only update in inner loop (Oh, Yoo, Kim and Yun 2021, section 3): maml in which all adapts but the head, the last layer with weights before each task's output.",
  example: "algorithm: boil(inner_steps: 1, inner_lr: 0.01)",
  adapts: "body",
};
