import type { Divergence, DivergenceWatch } from "../divergence.js";

/** Meta-steps between two looks at the weights: they are small models, and a look costs about as much as a step. */
const LOOK_EVERY = 50;

/** Looks at a meta-step's loss, and now and then at the weights; goes back where one is not finite. */
export async function watchMetaStep(
  watch: DivergenceWatch,
  { step, loss, last }: { readonly step: number; readonly loss: number; readonly last: number },
): Promise<Divergence | undefined> {
  const isDue = step % LOOK_EVERY === 0 || step === last;
  const divergence = Number.isFinite(loss) ? (isDue ? watch.keep() : undefined) : { step };
  if (divergence) await watch.goBack();
  return divergence;
}
