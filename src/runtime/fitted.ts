import type { FieldDescriptor, ModelDescriptor } from "./descriptor.js";
import { own } from "./own.js";
import type { Fitted } from "./pipeline.js";
import { fitting, listIn, numberIn, objectIn, shapeIn } from "./read-json.js";
import { quantitiesOf, type FittedStage } from "./transforms/chain.js";

/** Fitted transforms as JSON. */
export function fittedJson(fitted: Fitted | undefined): object | null {
  return fitted ? Object.fromEntries(fitted) : null;
}

/** Reads that JSON for the fields of a model. Throws a TypeError where it is something else, or of other transforms. */
export function fittedIn(value: unknown, { inputs, tasks }: ModelDescriptor): Fitted | undefined {
  if (value === null) return undefined;
  const fields = [...inputs, ...tasks].filter(({ transforms }) => transforms.length > 0);
  const readers = fields.map((field) => [field.name, (stages: unknown) => stagesIn(stages, field)] as const);
  return new Map(Object.entries(shapeIn(value, Object.fromEntries(readers))));
}

function stagesIn(value: unknown, { transforms, width }: FieldDescriptor): FittedStage[] {
  const stages = listIn(value, (stage) => stage);
  fitting(stages.length === transforms.length);
  const columns = (value: unknown): number[] => {
    const numbers = listIn(value, numberIn);
    fitting(numbers.length === width);
    return numbers;
  };
  return transforms.map(({ name, options }, i) => {
    const state = Object.fromEntries(quantitiesOf(name).map((quantity) => [quantity, columns]));
    return shapeIn(stages[i], {
      name: (given) => (fitting(given === name), name),
      options: (given) => {
        // An option that is newer than the checkpoint has its default, which the model's own hold.
        for (const [option, value] of objectIn(given))
          fitting(JSON.stringify(value) === JSON.stringify(own(options, option)));
        return options;
      },
      state: (given) => shapeIn(given, state),
    });
  });
}
