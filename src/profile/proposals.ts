import type { Places } from "../document/places.js";
import type { ModelDocument } from "../document/types.js";
import { balancers } from "../library/balancers/index.js";
import type { BalancerEntry } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { positionAt, type Source } from "../source/index.js";
import { balanceEdit } from "./balance.js";
import { applyEdits, lineChanges, type Edit, type LineChange } from "./edits.js";
import { splitEdits } from "./split.js";
import type { GroupReport, LayerReport, PairReport } from "./tally.js";

/** A change of the spec and why; where `lines` is empty the advice says what the user has to write. */
export interface Proposal {
  readonly change: "balance" | "split" | "mmoe" | "none";
  readonly because: string;
  readonly advice: string;
  readonly lines: readonly LineChange[];
}

export interface Profiled {
  readonly document: ModelDocument;
  readonly places: Places;
  readonly source: Source;
  /** The index of the train section that was profiled. */
  readonly train: number;
  readonly groups: readonly GroupReport[];
  /** Whether a changed text still compiles. */
  readonly compiles: (text: string) => boolean;
}

/** Two tasks conflict where at least this share of steps has a negative cosine, and the mean cosine is at most `APART`. */
const MANY = 0.4;
const APART = -0.05;
/** At a mean cosine this low projections remove most of the gradients, so that not sharing the layer may be better. */
const FAR_APART = -0.3;
/** Where gradients' norms differ by this factor, one task dominates. */
const UNEVEN = 10;

export function propose(profiled: Profiled): Proposal[] {
  const conflicting = profiled.groups.filter(hasConflicts);
  const found = conflicting.length > 0 ? ofConflicts(profiled, conflicting) : ofNorms(profiled);
  if (found.length > 0) return found;
  return [
    {
      change: "none",
      because: "No tasks stand in each other's way, and none drowns another.",
      advice: "Nothing needs changing.",
      lines: [],
    },
  ];
}

/** The balancer that the tasks were trained under. */
function balancerOf({ document, train }: Profiled): BalancerEntry {
  const section = document.train[train];
  if (!section) throw new Error(`there is no train section ${train}`);
  return libraryEntry("balancer", section.balance.name);
}

function hasConflicts({ pairs }: GroupReport | LayerReport): boolean {
  return pairs.some(isConflict);
}

function isConflict(pair: PairReport): boolean {
  return isMeasured(pair) && pair.conflicts >= MANY && pair.cosine <= APART;
}

/** A pair of tasks for which cosines were measured. */
type Measured = PairReport & { readonly conflicts: number; readonly cosine: number };

function isMeasured(pair: PairReport): pair is Measured {
  return pair.conflicts !== null && pair.cosine !== null;
}

/** The pair with the lowest mean cosine in a group with conflicts. */
function worstOf({ pairs }: GroupReport): Measured {
  return pairs.filter(isMeasured).reduce((worst, pair) => (pair.cosine < worst.cosine ? pair : worst));
}

function ofConflicts(profiled: Profiled, groups: readonly GroupReport[]): Proposal[] {
  const { document, groups: all } = profiled;
  const balanced = balancerOf(profiled).form === "direction";
  const because = groups
    .map((group) => {
      const { tasks, conflicts } = worstOf(group);
      return `In \`${group.weights}\` the gradients of ${tasks.join(" and ")} point against each other in ${percent(conflicts)} of the steps.`;
    })
    .join(" ");
  const on = groups.length === all.length ? [] : groups.map(({ weights }) => weights);
  const found: Proposal[] = [];
  if (!balanced) {
    const advice = "Let a balancer take out of each task's gradient what goes against another's:";
    const edits = balanceEdits(profiled, remedy("conflicts", document), on);
    for (const each of edited(profiled, { change: "balance", because, advice }, edits)) found.push(each);
  }
  for (const group of groups) {
    if (!balanced && worstOf(group).cosine > FAR_APART) continue;
    found.push(unshared(profiled, group, because));
  }
  return found;
}

/** The proposal for tasks with very different gradients: a layer of their own, or experts, for each. */
function unshared(profiled: Profiled, group: GroupReport, because: string): Proposal {
  const { document, places, source } = profiled;
  const tasks = Object.keys(group.norms);
  const late = lateConflict(group.layers);
  if (late !== undefined) {
    const advice = `Give each task its own \`${late}\`, and what follows it:`;
    const proposal = { change: "split", because, advice } as const;
    const [split] = edited(profiled, proposal, splitEdits(document, places, late, tasks));
    if (split) return split;
  }
  const first = group.layers[0]?.weights;
  const node = document.nodes.findIndex(({ weights }) =>
    Object.values(weights).some((path) => path === first || path.startsWith(`${first}.`)),
  );
  const place = places.get(`/nodes/${node}`);
  const line = place?.source === source ? ` (line ${positionAt(source, place.start).line + 1})` : "";
  const advice = `Share less in \`${group.weights}\`${line}: give each task layers of its own, or a mixture of experts in their place: \`import { mmoe } from "std/multitask"\`, then \`mixed = mmoe(x, tasks: ${tasks.length}, experts: ${tasks.length * 2}, units: 16)\` and \`mixed[0]\`, \`mixed[1]\` in the tasks.`;
  return { change: "mmoe", because, advice, lines: [] };
}

/** The first layer from which on all layers have conflicts, but never the first of all, so that one stays shared. */
function lateConflict(layers: readonly LayerReport[]): string | undefined {
  let first = layers.length;
  while (first > 1 && hasConflicts(layers[first - 1]!)) first--;
  return layers[first]?.weights;
}

function ofNorms(profiled: Profiled): Proposal[] {
  const { document, groups } = profiled;
  // The measured norms include static weights alone, but other balancers weigh the losses further.
  if (!balancerOf(profiled).plain) return [];
  for (const { weights, norms } of groups) {
    const measured = Object.entries(norms).filter((e): e is [string, number] => e[1] !== null && e[1] > 0);
    const sorted = measured.sort((a, b) => b[1] - a[1]);
    const [largest, smallest] = [sorted[0], sorted.at(-1)];
    if (!largest || !smallest || largest[1] < UNEVEN * smallest[1]) continue;
    const factor = Math.round(largest[1] / smallest[1]).toLocaleString("en-US");
    const because = `In \`${weights}\` the gradient of ${largest[0]} is ${factor} times that of ${smallest[0]}.`;
    const advice = "Let the scales of the losses be learned:";
    return edited(
      profiled,
      { change: "balance", because, advice },
      balanceEdits(profiled, remedy("norms", document), []),
    );
  }
  return [];
}

/** The name of the first balancer for this finding that fits the tasks' losses. */
function remedy(against: BalancerEntry["remedies"], { tasks }: ModelDocument): string | undefined {
  const likely = tasks.every(({ loss }) => libraryEntry("loss", loss.name).noise !== undefined);
  return balancers.find(
    ({ remedies, wantsLikelihoods }) => remedies === against && (likely || !wantsLikelihoods),
  )?.name;
}

function balanceEdits(
  { source, places, train }: Profiled,
  name: string | undefined,
  on: readonly string[],
): Edit[] | undefined {
  if (name === undefined) return undefined;
  const edit = balanceEdit(source, places, train, { name, on });
  return edit && [edit];
}

/** The proposal with its changed lines, if the changed text compiles. */
function edited(
  { source, compiles }: Profiled,
  proposal: Omit<Proposal, "lines">,
  edits: readonly Edit[] | undefined,
): Proposal[] {
  if (!edits || !compiles(applyEdits(source.text, edits))) return [];
  return [{ ...proposal, lines: lineChanges(source, edits) }];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
