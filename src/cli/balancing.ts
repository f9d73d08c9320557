import { groupWeights } from "../document/groups.js";
import { balancedWeights, trainedWeights } from "../document/trained.js";
import type { ModelDocument, TrainDocument } from "../document/types.js";
import { collectWeights } from "../document/weights.js";
import { looksAfter, looksAtGradients } from "../library/balancers/looks.js";
import { entry as libraryEntry } from "../library/index.js";
import { elementCount } from "../runtime/tensor.js";

/** What a step under the balancer costs beyond the plain sum, in a line; none where it is the same. */
export function balancingCost(document: ModelDocument, train: TrainDocument): string[] {
  const { name } = train.balance;
  const entry = libraryEntry("balancer", name);
  const tasks = document.tasks.length;
  if (looksAfter(entry)) return [`\`balance: ${name}\` takes a second forward pass in each step.`];
  if (looksAtGradients(entry)) {
    const looked = balancedWeights(trainedWeights(document, train), train.balance);
    const numbers = looked.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    const isLooked = new Set(looked.map(({ path }) => path));
    const kind = ({ path }: { path: string }) => String(isLooked.has(path));
    const groups = groupWeights(collectWeights(document).weights, kind)
      .filter(({ weights }) => isLooked.has(weights[0]!.path))
      .map(({ pattern }) => `\`${pattern}\``);
    const where = `${groups.join(", ")} (${numbers.toLocaleString("en-US")} numbers)`;
    return [`\`balance: ${name}\` takes ${tasks} backward passes through ${where} in each step, one a task.`];
  }
  const kept = entry.form === "factors" && train.accumulate > 1;
  if (!kept) return [];
  return [
    `\`balance: ${name}\` keeps ${tasks} gradients of every weight, as \`accumulate\` is ${train.accumulate}.`,
  ];
}
