import { readTensors, weightNames } from "./best-weights.js";
import type { ModelDescriptor } from "./descriptor.js";
import { isKept } from "./kept.js";
import { intScalar, names } from "./programs.js";
import type { Session } from "./session.js";
import { infiniteAt, type HostTensor } from "./tensor.js";
import type { LossSums, TrainingState } from "./training-state.js";

/** Where a training came to a number that is not finite. */
export interface Divergence {
  /** The step, counted from 1, in which it was seen. */
  readonly step: number;
  /** The task whose loss it was. */
  readonly task?: string;
  /** The weight that it was in, where the losses were finite; weights are looked at once an epoch. */
  readonly weight?: string;
}

interface Watched {
  readonly descriptor: ModelDescriptor;
  readonly session: Session;
  readonly state: TrainingState;
  readonly seed: number;
}

/** Keeps the last finite weights of a training, to go back to. */
export class DivergenceWatch {
  private kept: ReadonlyMap<string, HostTensor>;

  constructor(private readonly of: Watched) {
    this.kept = readTensors(of.session, weightNames(of.descriptor));
  }

  /** Keeps the weights, if all are finite; else tells where they are not. */
  keep(): Divergence | undefined {
    const { session, descriptor, state } = this.of;
    const now = readTensors(session, weightNames(descriptor));
    for (const [weight, tensor] of now) if (infiniteAt(tensor) !== -1) return { step: state.step, weight };
    this.kept = now;
    return undefined;
  }

  /** Gives the model its best weights again, or else those that were kept; what else is not finite begins anew. */
  async goBack(): Promise<void> {
    const { session, state, seed } = this.of;
    const others = readTensors(session, session.stateNames().filter(isKept));
    await session.run("init", { [names.seed]: intScalar(seed) }, 1);
    for (const [name, tensor] of others) if (infiniteAt(tensor) === -1) session.write(name, tensor);
    for (const [name, tensor] of state.best?.tensors ?? this.kept) session.write(name, tensor);
    state.last = state.partial = undefined;
  }
}

/** The first loss of a step that is not finite. */
export function lostIn(sums: LossSums, step: number): Divergence | undefined {
  for (let i = 0; i < sums.length; i++) {
    const { task, sum } = sums[i]!;
    if (!Number.isFinite(sum)) return { step, task };
  }
  return undefined;
}

/** A divergence in words, and what the model has now. */
export function divergenceNote({ step, task, weight }: Divergence, kept: string): string {
  const what =
    weight !== undefined
      ? `the weight \`${weight}\``
      : `the loss${task === undefined ? "" : ` of \`${task}\``}`;
  return `${what} is no finite number in step ${step}: the training has diverged, and ${kept}.`;
}
