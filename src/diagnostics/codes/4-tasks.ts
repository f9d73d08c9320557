import { define } from "../define.js";

/** NN4xxx: tasks and losses. */
export const taskCodes = {
  NN4001: define<{ task: string; reason: string }>({
    severity: "error",
    title: "Loss does not fit",
    explanation: "A loss fits the label's type and the output's shape; losses never broadcast.",
    message: ({ task, reason }) => `Task \`${task}\`: ${reason}`,
  }),
  NN4002: define<{ metric: string; label: string }>({
    severity: "error",
    title: "Metric does not fit",
    explanation:
      "Each metric fits some kinds of label: accuracy and f1 classes, auc binary labels, mae and r2 numbers.",
    message: ({ metric, label }) => `\`${metric}\` does not fit a ${label} label.`,
  }),
  NN4003: define<{ task: string; link: string }>({
    severity: "hint",
    title: "Linear output under a cross-entropy",
    explanation:
      "An output that ends linearly, in a `dense` layer say, is taken as logits, also with `layer_norm`, `batch_norm`, `dropout` or `reshape` behind. The loss is right and stable, and predictions have probabilities: they are made of the logits, which stand beside them.",
    message: ({ task }) =>
      `The output of \`${task}\` is linear and is taken as logits, of which predictions make probabilities.`,
  }),
  NN4004: define<{ what: string; name: string }>({
    severity: "warning",
    title: "Nothing depends on it",
    explanation: "No task's loss depends on this declaration, so it changes nothing and learns nothing.",
    message: ({ what, name }) => `No loss reaches ${what} \`${name}\`.`,
    hint: "Use it in a task's output, or take it out.",
  }),
  NN4005: define<{ model: string }>({
    severity: "error",
    title: "Model without a task",
    explanation: "A model learns from tasks: `task NAME { output = …  label: …  loss: … }`.",
    message: ({ model }) => `Model \`${model}\` has no task.`,
    hint: "Add `task NAME { output = …  label: float  loss: mse }`.",
  }),
  NN4006: define<{ task: string; reason: string }>({
    severity: "error",
    title: "Class weights do not fit",
    explanation:
      "`class_weights: balanced`, one number a class in a list, or `{ name: number, … }`, for binary and category labels.",
    message: ({ task, reason }) => `Class weights of \`${task}\`: ${reason}.`,
  }),
  NN4007: define<{ task: string; reason: string }>({
    severity: "error",
    title: "Output does not fit",
    explanation: "A task has one output, a tensor that has a row for each example.",
    message: ({ task, reason }) => `Task \`${task}\`: ${reason}.`,
  }),
  NN4008: define<{ task: string; reason: string }>({
    severity: "warning",
    title: "Output cannot become what the loss wants",
    explanation:
      "What an output ends with says where its numbers lie: `relu` gives none below 0, `tanh` none beyond -1 and 1, a `softmax` over a single number always 1. A cross-entropy takes logits (whatever ends linearly: `dense(3)`, also with `layer_norm`, `batch_norm`, `dropout` or `reshape` behind), or probabilities: `categorical_crossentropy` those of a `softmax`, `binary_crossentropy` those of a `sigmoid`. Other losses compare the output with the label as its transforms leave it: `standardize` puts it on both sides of 0. Where the two cannot meet, training ends at a constant or in NaN.",
    message: ({ task, reason }) => `The output of \`${task}\` ${reason}.`,
  }),
  NN4009: define<{ task: string; metric: string }>({
    severity: "error",
    title: "Metric given twice",
    explanation:
      "A metric's value is known by its name, in reports and in `monitor`, so a task has each once: of `metrics: [f1(average: macro), f1(average: micro)]` only one could be shown.",
    message: ({ task, metric }) => `Task \`${task}\` has the metric \`${metric}\` twice.`,
    hint: "Take one of them out.",
  }),
};
