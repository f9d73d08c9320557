import { stepEvent } from "./fit.js";
import { type StepEvent } from "./fit-api.js";
import { rowsInOrder } from "./order.js";
import { createStepper, meanLosses, newPartialEpoch, weightedLosses, type Training } from "./steps.js";

/**
 * One optimizer step on all rows, at the given rate or at the last step's. What an earlier training kept to go on from, and the best
 * weights that it chose, are not those of the model any more.
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
