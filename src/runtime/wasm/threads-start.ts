import { checkArgument, startOptions } from "../arguments.js";
import type { Session } from "../session.js";
import type { WasmProgram } from "./program.js";
import { startWasmOn } from "./start.js";
import { startOnThreads, type ThreadOptions } from "./threads.js";
import { withoutThreads } from "./threads-note.js";
import type { Split } from "./threads-split.js";

/**
 * Starts a model's programs, its steps split over threads where there are several; where the host or the model has
 * none, the session's `engine` says why. Throws an InputError where the number of threads is none.
 */
export async function startThreadedOn(
  programs: Readonly<Record<string, WasmProgram>>,
  split: Split | string,
  options: ThreadOptions,
): Promise<Session> {
  const { threads, groups, variant } = options;
  checkArgument("createModel", "threads", startOptions.threads, threads);
  const { step, update, ...others } = programs;
  // Where a step is one batch, `step` includes the update.
  const alone = step === undefined ? programs : { step, ...others };
  if (threads === 1) return startWasmOn(groups, alone, { variant });
  const threaded = await startOnThreads(update ? { update, ...others } : others, split, options);
  if (typeof threaded !== "string") return threaded;
  return withoutThreads(await startWasmOn(groups, alone, { variant }), threaded);
}
