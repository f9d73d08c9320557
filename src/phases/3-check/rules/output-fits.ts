import { diagnostic } from "../../../diagnostics/index.js";
import { labelType } from "../../../document/input-type.js";
import { outputLink } from "../../../document/link.js";
import { placeOf } from "../../../document/places.js";
import { activationOf, rangesOf } from "../../../document/ranges.js";
import type { MappingDocument, NodeDocument, TaskDocument } from "../../../document/types.js";
import type { LossEntry, Range } from "../../../library/entry.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { isProbability, linear } from "../../../library/ranges.js";
import { transforms } from "../../../library/transforms.js";
import type { Reach } from "../../../runtime/transforms/index.js";
import type { Rule, RuleSubject } from "./rule.js";

/** The numbers that an output can give are those that its loss compares with the label. */
export const outputFits: Rule = (subject, places) => {
  const ranges = rangesOf(subject.nodes);
  return subject.tasks.flatMap((task, i) => {
    const loss = libraryEntry("loss", task.loss.name);
    const node = subject.nodes.find(({ id }) => id === task.output);
    // A loss of another shape or kind of label has been reported.
    if (!node || loss.fits(labelType(task.label), node.type)) return [];
    const reason = misfit(subject, task, node, loss, ranges.get(node.id) ?? linear);
    if (reason === undefined) return [];
    const link = loss.link?.(labelType(task.label));
    const { transforms: changed = [] } = mappingOf(subject, task) ?? {};
    const hint =
      link !== undefined && changed.length > 0
        ? `Take the transforms of \`${task.name}\` out of the \`data\` section.`
        : advice(node, link);
    return [
      diagnostic("NN4008", placeOf(places, `/tasks/${i}/output`), { task: task.name, reason }, { hint }),
    ];
  });
};

function misfit(
  subject: RuleSubject,
  task: TaskDocument,
  node: NodeDocument,
  loss: LossEntry,
  range: Range,
): string | undefined {
  if (range.low === range.high) return `is always ${range.low}, whatever the weights are`;
  const label = reachOf(subject, task);
  if (loss.takes !== "numbers") {
    if (label && !isProbability(label)) {
      return `is compared with a label that ${between(subject, task, label)}, which are no probabilities`;
    }
    const ends = outputLink(subject.nodes, task.output);
    const found = ends === "linear" ? notLogits(range) : notTaken(loss.takes, range, node);
    return found && `${found}; \`${loss.name}\` takes logits or ${wanted[loss.takes]}`;
  }
  if (!label || (range.low <= label.low && range.high >= label.high)) return undefined;
  return `lies ${extent(range)}, but its label ${between(subject, task, label)}`;
}

const wanted = { shares: "the probabilities of a `softmax`", probabilities: "those of a `sigmoid`" };

/** Logits that are never below 0, say, keep every probability above what it has there. */
function notLogits(range: Range): string | undefined {
  return Number.isFinite(range.low) === Number.isFinite(range.high) ? undefined : `lies ${extent(range)}`;
}

function notTaken(takes: "shares" | "probabilities", range: Range, node: NodeDocument): string | undefined {
  return takes === "shares" ? notShares(range) : notProbabilities(range, node);
}

function notShares(range: Range): string | undefined {
  if (range.shares) return notAll(range);
  return isProbability(range) ? "need not sum to 1 over the classes" : `lies ${extent(range)}`;
}

function notProbabilities(range: Range, node: NodeDocument): string | undefined {
  if (!isProbability(range)) return `lies ${extent(range)}`;
  const several = (node.type.dims.at(-1) ?? 1) > 1;
  return range.shares && several
    ? "sums to 1 over its numbers, which are labelled one by one"
    : notAll(range);
}

/** Two links one after the other, say, keep probabilities away from 0 and 1. */
function notAll(range: Range): string | undefined {
  return range.low > 0 || range.high < 1 ? `lies ${extent(range)}` : undefined;
}

function extent(range: Range): string {
  const [low, high] = [range.low, range.high].map((x) => Number(x.toPrecision(6))) as [number, number];
  if (low === -Infinity && high === Infinity) return "anywhere, without being linear";
  if (high === Infinity) return `from ${low} up`;
  return low === -Infinity ? `up to ${high}` : `from ${low} to ${high}`;
}

function between(subject: RuleSubject, task: TaskDocument, { low, high }: Reach): string {
  const transformed = mappingOf(subject, task)?.transforms.length;
  return `reaches from ${low} to ${high}${transformed ? " after its transforms" : ""}`;
}

/** What the label is sure to reach after its transforms. */
function reachOf(subject: RuleSubject, task: TaskDocument): Reach | undefined {
  const raw: Reach | undefined = task.label.base === "binary" ? { low: 0, high: 1 } : undefined;
  return (mappingOf(subject, task)?.transforms ?? []).reduce<Reach | undefined>(
    (before, { name, options }) => {
      const found = transforms.find((entry) => entry.name === name);
      return found?.transform.reach?.(before, options);
    },
    raw,
  );
}

function mappingOf({ data }: RuleSubject, task: TaskDocument): MappingDocument | undefined {
  return data?.mappings.find(({ name }) => name === task.name);
}

/** The line to write; a loss without a link wants a linear output. */
function advice(node: NodeDocument, link: string | undefined): string {
  const layer = libraryEntry("layer", node.layer);
  const dense = `dense(${node.type.dims.at(-1) ?? 1}${link === undefined ? "" : `, ${link}`})`;
  // What the link itself is applied to is at fault where the output ends with it.
  if (layer.activation !== undefined && layer.activation !== link) {
    const stage = `\`… |> ${layer.activation}\``;
    return link === undefined
      ? `Take \`|> ${layer.activation}\` out.`
      : `Write \`… |> ${link}\` in the place of ${stage}.`;
  }
  if (layer.activated && node.layer !== "dense") {
    const activation = activationOf(node) ?? "linear";
    return `Write \`${link ?? "linear"}\` in the place of \`${activation}\` in \`${node.layer}\`.`;
  }
  return `Write \`output = … |> ${dense}\`.`;
}
