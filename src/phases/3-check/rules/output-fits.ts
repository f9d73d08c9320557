import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { MappingDocument, NodeDocument, TaskDocument } from "../../../document/types.js";
import type { LossEntry, Range } from "../../../library/entry.js";
import { noActivation } from "../../../library/declarations.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { isProbability, linear } from "../../../library/ranges.js";
import { lossLink, type OutputLink } from "../../../model/links.js";
import { activationOf } from "../../../model/ranges.js";
import { labelType } from "../../../model/value-types.js";
import type { Reach } from "../../../runtime/transforms/index.js";
import type { Rule } from "./rule.js";

/** The numbers that an output can give are those that its loss compares with the label. */
export const outputFits: Rule = (model, places) => {
  const mappings = firstMappings(model.document.data?.mappings ?? []);
  return model.document.tasks.flatMap((task, i) => {
    const loss = libraryEntry("loss", task.loss.name);
    const node = model.nodes.get(task.output);
    // A loss of another shape or kind of label has been reported.
    if (!node || loss.fits(labelType(task.label), node.type)) return [];
    const transforms = mappings.get(task.name)?.transforms ?? [];
    const range = model.ranges.get(node.id) ?? linear;
    const reason = misfit({ task, transforms, node, loss, range, ends: model.outputLink(task) });
    if (reason === undefined) return [];
    const link = lossLink(task);
    const hint =
      link !== undefined && transforms.length > 0
        ? `Take the transforms of \`${task.name}\` out of the \`data\` section.`
        : advice(node, link);
    return [
      diagnostic("NN4008", placeOf(places, `/tasks/${i}/output`), { task: task.name, reason }, { hint }),
    ];
  });
};

/** Those of one field have the same transforms. */
function firstMappings(mappings: readonly MappingDocument[]): ReadonlyMap<string, MappingDocument> {
  return new Map(mappings.toReversed().map((mapping) => [mapping.name, mapping]));
}

/** What a task's loss is given. */
interface Compared {
  readonly task: TaskDocument;
  readonly transforms: MappingDocument["transforms"];
  readonly node: NodeDocument;
  readonly loss: LossEntry;
  readonly range: Range;
  readonly ends: OutputLink;
}

function misfit({ task, transforms, node, loss, range, ends }: Compared): string | undefined {
  if (range.low === range.high) return `is always ${range.low}, whatever the weights are`;
  const label = reachOf(task, transforms);
  const shown = label && between(label, transforms.length > 0);
  if (loss.takes !== "numbers") {
    if (label && !isProbability(label))
      return `is compared with a label that ${shown}, which are no probabilities`;
    const found = ends === "linear" ? notLogits(range) : notTaken(loss.takes, range, node);
    return found && `${found}; \`${loss.name}\` takes logits or ${wanted[loss.takes]}`;
  }
  if (!label || (range.low <= label.low && range.high >= label.high)) return undefined;
  return `lies ${extent(range)}, but its label ${shown}`;
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
  const short = (x: number): number => Number(x.toPrecision(6));
  const [low, high] = [short(range.low), short(range.high)];
  if (low === -Infinity && high === Infinity) return "anywhere, without being linear";
  if (high === Infinity) return `from ${low} up`;
  return low === -Infinity ? `up to ${high}` : `from ${low} to ${high}`;
}

function between({ low, high }: Reach, transformed: boolean): string {
  return `reaches from ${low} to ${high}${transformed ? " after its transforms" : ""}`;
}

/** What the label is sure to reach after its transforms. */
function reachOf({ label }: TaskDocument, transforms: MappingDocument["transforms"]): Reach | undefined {
  const raw: Reach | undefined = label.base === "binary" ? { low: 0, high: 1 } : undefined;
  return transforms.reduce<Reach | undefined>(
    (before, { name, options }) => libraryEntry("transform", name).transform.reach?.(before, options),
    raw,
  );
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
  if (layer.activated && !layer.advised) {
    const activation = activationOf(node) ?? noActivation.name;
    return `Write \`${link ?? noActivation.name}\` in the place of \`${activation}\` in \`${node.layer}\`.`;
  }
  return `Write \`output = … |> ${dense}\`.`;
}
