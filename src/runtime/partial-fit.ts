import { stepEvent } from "./fit.js";
import { type StepEvent } from "./fit-api.js";
import { rowsInOrder } from "./order.js";
import { createStepper, meanLosses, newPartialEpoch, weightedLosses, type Training } from "./steps.js";

/**
 * Takes one optimizer step on all rows, at the given rate or at the last step's. This discards the best weights of an earlier
 * training and the state that it would resume from, as both are outdated.
 */
export async function fitOneStep(fitting: Training, lr: number | undefined): Promise<StepEvent> {
  const { state, training, descriptor } = fitting;
  state.best = state.last = state.partial = undefined;
  state.stopped = false;
  const partial = newPartialEpoch(descriptor.tasks);
  const stepper = createStepper(fitting, rowsInOrder(training.rows), partial, { lr });
  const working = stepper.batch(training.rows);
  if (working) await working;
  const updating = stepper.update();
  if (updating) await updating;
  state.step++;
  state.start.step++;
  const { sums } = partial.waiting;
  return stepEvent(state, meanLosses(sums), weightedLosses(sums));
}
