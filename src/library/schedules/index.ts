import type { ScheduleEntry } from "../entry.js";
import { constant } from "./constant.js";
import { cosine } from "./cosine.js";
import { exponential } from "./exponential.js";
import { step } from "./step.js";
import { warmup } from "./warmup.js";

export const schedules: readonly ScheduleEntry[] = [constant, cosine, exponential, step, warmup];
