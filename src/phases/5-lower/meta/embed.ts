import { ops, type Builder, type Value } from "../../../tensor/index.js";
import { lookup } from "../../../tensor/lookup.js";
import type { Forward } from "../forward.js";
import type { Clock } from "../schedules.js";
import { episodeForward, type Pass } from "./passes.js";
import type { MetaPlan } from "./plan.js";
import { readStates, rowsOf } from "./states.js";

/** A forward pass, and the value that `embed` names as [rows, width]. */
export interface EmbeddedPass {
  readonly forward: Forward;
  readonly embedded: Value;
}

type State = ReadonlyMap<string, Value>;

/** Embeds rows of an episode by the model's weights. */
export function embedRows(
  b: Builder,
  plan: MetaPlan,
  clock: Clock,
  pass: Pass,
  { state, prefixed = true }: { readonly state: State; readonly prefixed?: boolean },
): EmbeddedPass {
  const { model, embed } = plan;
  if (embed === undefined) throw new Error(`${plan.meta.algorithm.name} embeds no rows`);
  const weights = readStates(b, model.weights);
  const forward = episodeForward(b, plan, pass, {
    weights,
    state,
    clock,
    afresh: plan.norm === "support",
    ...(prefixed ? { read: rowsOf(b, pass.part) } : {}),
  });
  return { forward, embedded: ops.reshape(b, lookup(forward.values, embed), [pass.rows, plan.own.width]) };
}

/** Support and query of a task in training: the query goes on with the state that the support leaves. */
export function embedEpisode(b: Builder, plan: MetaPlan, clock: Clock) {
  const { sizes, drops, model } = plan;
  const before: State = readStates(b, model.state);
  const pass = (part: "support" | "query"): Pass => ({ rows: sizes[part], part, training: true, drops });
  const support = embedRows(b, plan, clock, pass("support"), { state: before });
  const between = new Map([...before, ...support.forward.state]);
  const query = embedRows(b, plan, clock, pass("query"), { state: between });
  return { support, query, moved: new Map([...support.forward.state, ...query.forward.state]) };
}
