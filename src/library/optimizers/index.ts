import type { OptimizerEntry } from "../entry.js";
import { adam } from "./adam.js";
import { adamw } from "./adamw.js";
import { gd } from "./gd.js";
import { momentum } from "./momentum.js";
import { sgd } from "./sgd.js";

export const optimizers: readonly OptimizerEntry[] = [adam, adamw, gd, momentum, sgd];
