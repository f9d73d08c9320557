import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { entry as libraryEntry, findEntry } from "../../../library/index.js";
import type { Rule } from "./rule.js";

/** The balancer is there, and the losses are of the kind that it needs. */
export const balancing: Rule = (subject, places) =>
  subject.train.flatMap((train, i) => {
    const span = placeOf(places, `/train/${i}/balance`);
    const { name } = train.balance;
    if (findEntry("balancer", name)?.notYet) {
      const hint = "Use `balance: fixed` or `balance: uncertainty`.";
      return [diagnostic("NN5006", span, { what: "balancer", name }, { hint })];
    }
    const found = subject.tasks.flatMap((task, t) =>
      name === "uncertainty" && libraryEntry("loss", task.loss.name).noise === undefined
        ? [
            diagnostic("NN5005", placeOf(places, `/tasks/${t}/loss`), {
              task: task.name,
              loss: task.loss.name,
            }),
          ]
        : [],
    );
    const weighted = subject.tasks.some((task) => task.weight !== 1);
    if (weighted && !libraryEntry("balancer", name).staticWeights)
      found.push(diagnostic("NN5011", span, { balancer: name }));
    return found;
  });
