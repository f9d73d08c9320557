import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import type { TypeDocument } from "../../../document/types.js";
import type { Component } from "../../../library/entry.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { orderProblem } from "../../../runtime/transforms/chain.js";
import type { Rule } from "./rule.js";

/** Transforms work on numbers, stand in an order that makes sense, and leave labels' gaps alone. */
export const transforms: Rule = (model, places) => {
  const inputs = new Map(model.document.inputs.map((input) => [input.name, input.type]));
  return (model.document.data?.mappings ?? []).flatMap(({ name, transforms: uses }, i) => {
    const task = model.tasks.get(name);
    const type = inputs.get(name) ?? task?.label;
    if (!type || uses.length === 0) return [];
    const names = uses.map((use) => use.name);
    const reason =
      classProblem(type) ??
      orderProblem(names) ??
      (task ? labelProblem(names) : undefined) ??
      optionProblem(uses);
    if (reason === undefined) return [];
    return [diagnostic("NN7058", placeOf(places, `/data/mappings/${i}/columns`), { name, reason })];
  });
};

function optionProblem(uses: readonly Component[]): string | undefined {
  for (const { name, options } of uses) {
    const problem = libraryEntry("transform", name).transform.problem?.(options);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function classProblem(type: TypeDocument): string | undefined {
  if (type.base === "float" || type.base === "int") return undefined;
  return `a ${type.base} value has a class, not a number`;
}

function labelProblem(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => libraryEntry("transform", name).transform.gaps !== undefined);
  return (
    wrong && `\`${wrong}\` fills gaps, and a label's gaps are left out of training; let its type end in \`?\``
  );
}
