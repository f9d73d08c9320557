import type { NodeDocument } from "../document/types.js";
import type { StateSpec, WeightSpec } from "../library/entry.js";
import { canonicalText } from "../library/json.js";

type Say = (pointer: string, problem: string) => void;

/** A weight or a state where its path stands for the first time. */
interface First {
  readonly layer: string;
  readonly kind: "weight" | "state";
  readonly spec: Exclude<WeightSpec, { readonly tied: string }> | StateSpec;
}

/** What the paths of a document's weights and states stand for. */
export class Paths {
  readonly #first = new Map<string, First>();
  readonly #weights = new Map<string, Pick<WeightSpec, "shape">>();
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
  }

  /** Every weight so far. */
  get weights(): ReadonlyMap<string, Pick<WeightSpec, "shape">> {
    return this.#weights;
  }

  /** The names under which a node has its weights and states are those of its layer. */
  named(
    node: NodeDocument,
    pointer: string,
    weights: readonly WeightSpec[],
    state: readonly StateSpec[],
  ): void {
    this.#sameNames(weights, node.weights, `${pointer}/weights`);
    this.#sameNames(state, node.state, `${pointer}/state`);
  }

  weight(
    path: string,
    pointer: string,
    { layer }: NodeDocument,
    spec: Exclude<WeightSpec, { readonly tied: string }>,
  ): void {
    if (this.#take(path, pointer, { layer, kind: "weight", spec })) this.#weights.set(path, spec);
  }

  state(path: string, pointer: string, { layer }: NodeDocument, spec: StateSpec): void {
    this.#take(path, pointer, { layer, kind: "state", spec });
  }

  /** True where the path is new. A shared layer has the same ones wherever it is applied; anything else is two things of one name. */
  #take(path: string, pointer: string, found: First): boolean {
    const first = this.#first.get(path);
    if (!first) {
      this.#first.set(path, found);
      return true;
    }
    const list = (shape: readonly number[]) => `[${shape.join(", ")}]`;
    const [here, above] = [list(found.spec.shape), list(first.spec.shape)];
    if (here !== above) this.#say(pointer, `\`${path}\` is ${above} above and would be ${here} here`);
    else if (first.kind !== found.kind || first.layer !== found.layer || first.spec.name !== found.spec.name)
      this.#say(pointer, `\`${path}\` is ${told(first)} above and would be ${told(found)} here`);
    else if (canonicalText(beginning(first)) !== canonicalText(beginning(found)))
      this.#say(pointer, `\`${path}\` begins, or is regularized, in another way above`);
    return false;
  }

  #sameNames(
    wanted: readonly { readonly name: string }[],
    given: Readonly<Record<string, string>>,
    pointer: string,
  ): void {
    for (const { name } of wanted)
      if (!Object.hasOwn(given, name)) this.#say(pointer, `\`${name}\` is missing`);
    for (const name of Object.keys(given))
      if (!wanted.some((w) => w.name === name))
        this.#say(`${pointer}/${name}`, `There is no \`${name}\` here`);
  }
}

function told({ layer, kind, spec }: First): string {
  return `the ${kind} \`${spec.name}\` of \`${layer}\``;
}

/** Whatever else a weight or state is beside its name and its shape. */
function beginning({ spec }: First) {
  if ("initial" in spec) return spec.initial;
  const { initializer, regularizer = null, drawnAs = spec.shape } = spec;
  return { initializer, regularizer, drawnAs };
}
