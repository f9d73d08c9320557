import type { PlainEntry } from "../entry.js";
import { early } from "./early.js";

export const stoppers: readonly PlainEntry[] = [early];
