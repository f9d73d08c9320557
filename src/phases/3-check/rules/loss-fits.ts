import { diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { lossLink } from "../../../model/links.js";
import { labelType } from "../../../model/value-types.js";
import type { Rule } from "./rule.js";

/** A loss fits its label and its output; a linear output under a cross-entropy is worth a hint. */
export const lossFits: Rule = (model, places) =>
  model.document.tasks.flatMap((task, i) => {
    const loss = libraryEntry("loss", task.loss.name);
    const output = model.types.get(task.output);
    const wrong = output && loss.fits(labelType(task.label), output);
    if (wrong) {
      const related = [
        { span: placeOf(places, `/tasks/${i}/output`), message: "the output" },
        { span: placeOf(places, `/tasks/${i}/label`), message: "the label" },
      ];
      const parameters = { task: task.name, reason: wrong.message };
      const span = placeOf(places, `/tasks/${i}/loss`);
      return [diagnostic("NN4001", span, parameters, { hint: wrong.hint, related })];
    }
    const link = lossLink(task);
    if (!link || model.outputLink(task) !== "linear") return [];
    const last = model.nodes.get(task.output);
    const ending = last && libraryEntry("layer", last.layer).activated ? `dense(…, ${link})` : `… |> ${link}`;
    const hint = `Nothing has to change. Where another task reads this output as probabilities, end it with \`${link}\`: \`${ending}\`.`;
    return [diagnostic("NN4003", placeOf(places, `/tasks/${i}/output`), { task: task.name, link }, { hint })];
  });
