import type { StopperEntry } from "../entry.js";
import { early } from "./early.js";

export const stoppers: readonly StopperEntry[] = [early];
