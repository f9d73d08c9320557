import { divergenceNote, type Divergence } from "../divergence.js";
import type { TrainingState } from "../training-state.js";
import type { MetaFitResult } from "./api.js";

/** What a meta-training that came to its end gives back. */
export function finishedResult({ step, best }: TrainingState, loss: number, isIdle: boolean): MetaFitResult {
  const result = { loss, steps: step, bestStep: best?.at };
  if (!isIdle) return result;
  const note = `${step} steps are done, so there is nothing left to do; \`steps\` is how many there are to be, those before included.`;
  return { ...result, note };
}

/** What one gives back that has its last finite weights again. */
export function divergedResult(
  { step, best }: TrainingState,
  loss: number,
  divergence: Divergence,
): MetaFitResult {
  const kept =
    best === undefined
      ? "the weights are those of an earlier step"
      : `the weights are those of step ${best.at}`;
  return {
    loss,
    steps: step,
    bestStep: best?.at,
    divergence,
    note: divergenceNote(divergence, kept),
  };
}
