import { diagnostic } from "../../../diagnostics/index.js";
import { labelType } from "../../../document/input-type.js";
import { placeOf } from "../../../document/places.js";
import { outputLink } from "../../../document/link.js";
import { valueTypes } from "../../../document/weights.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Rule } from "./rule.js";

/** A loss fits its label and its output; a linear output under a cross-entropy is worth a hint. */
export const lossFits: Rule = (subject, places) => {
  const types = valueTypes(subject);
  return subject.tasks.flatMap((task, i) => {
    const loss = libraryEntry("loss", task.loss.name);
    const label = labelType(task.label);
    const wrong = loss.fits(label, types.get(task.output)!);
    const span = placeOf(places, `/tasks/${i}/loss`);
    if (wrong) {
      const related = [
        { span: placeOf(places, `/tasks/${i}/output`), message: "the output" },
        { span: placeOf(places, `/tasks/${i}/label`), message: "the label" },
      ];
      return [
        diagnostic("NN4001", span, { task: task.name, reason: wrong.message }, { hint: wrong.hint, related }),
      ];
    }
    const link = loss.link?.(label);
    if (!link || outputLink(subject.nodes, task.output) !== "linear") return [];
    const last = subject.nodes.find((node) => node.id === task.output);
    const ending = last && libraryEntry("layer", last.layer).activated ? `dense(…, ${link})` : `… |> ${link}`;
    const hint = `For probabilities end the output with \`${link}\`: \`${ending}\`.`;
    return [diagnostic("NN4003", placeOf(places, `/tasks/${i}/output`), { task: task.name, link }, { hint })];
  });
};
