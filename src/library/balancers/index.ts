import type { BalancerEntry } from "../entry.js";
import { fixed } from "./fixed.js";
import { uncertainty } from "./uncertainty.js";

export const balancers: readonly BalancerEntry[] = [fixed, uncertainty];
