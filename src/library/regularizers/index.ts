import type { RegularizerEntry } from "../entry.js";
import { l1 } from "./l1.js";
import { l1L2 } from "./l1_l2.js";
import { l2 } from "./l2.js";

export const regularizers: readonly RegularizerEntry[] = [l1, l1L2, l2];
