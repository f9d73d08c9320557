import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "../../runtime/descriptor.js";
import type { Fitted } from "../../runtime/pipeline.js";

const ABOUT = [
  "How to use the GraphModel in model.json: const model = await tf.loadGraphModel(URL); model.predict({ INPUT: tensor, … })",
  "gives a tensor a task, by the task's name. The first dimension of every tensor is the batch, of any size.",
  "An input takes values that have gone through its `transforms`, in their order, column by column, with the numbers in",
  "`state` (one a column), which were fitted on the training part: standardize is (x - center) / scale, impute",
  "puts `fill` where a value is missing. Classes are given as int32 indices into `names`, binary values as 0 or 1.",
  "What comes out is described at each task; where it has `transforms`, undo them, last first, for original units.",
].join(" ");

/** What a user of the GraphModel has to know: what to feed, and what comes out. Plain JSON. */
export function graphGuide(descriptor: ModelDescriptor, fitted: Fitted | undefined): string {
  const guide = {
    about: ABOUT,
    model: descriptor.name,
    hash: descriptor.hash,
    weights: fitted ? "from a checkpoint" : "fresh from their initializers: the model is not trained",
    inputs: descriptor.inputs.map((field) => ({
      name: field.name,
      tensor: { dtype: field.kind === "category" ? "int32" : "float32", shape: inputShape(field) },
      ...fieldGuide(field, fitted),
    })),
    tasks: descriptor.tasks.map((task) => ({
      name: task.name,
      tensor: { dtype: "float32", shape: [-1, ...task.output] },
      meaning: meaningOf(task),
      ...fieldGuide(task, fitted),
    })),
  };
  return `${JSON.stringify(guide, null, 2)}\n`;
}

/** A field's shape with its batch axis: a number without dimensions is a row of one, a category is a plain index. */
function inputShape({ kind, dims }: FieldDescriptor): number[] {
  return [-1, ...(kind === "category" || dims.length > 0 ? dims : [1])];
}

function fieldGuide(field: FieldDescriptor, fitted: Fitted | undefined) {
  const { kind, classes, names, columns, transforms } = field;
  return {
    kind,
    ...(classes === undefined ? {} : { classes }),
    ...(names === undefined ? {} : { names }),
    columns,
    transforms: fitted?.get(field.name) ?? transforms.map((t) => ({ ...t, state: null })),
  };
}

function meaningOf({ kind, link }: TaskDescriptor): string {
  if (kind === "float" || kind === "int") return "the value, after the label's transforms";
  const what = kind === "binary" ? "the probability of class 1" : "the probability of each class";
  if (link === null) return what;
  return `logits; ${link} makes of them ${what}`;
}
