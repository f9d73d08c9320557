import { define } from "../define.js";

/** NN705x: how a data section fits its model. */
export const mappingCodes = {
  NN7051: define<{ what: string; name: string }>({
    severity: "error",
    title: "Not in the data section",
    explanation: "A data section gives every input and every task its columns.",
    message: ({ what, name }) => `The data section has nothing for ${what} \`${name}\`.`,
  }),
  NN7052: define<{ name: string }>({
    severity: "error",
    title: "Neither an input nor a task",
    explanation: "What stands left of `=` in a data section is the name of an input or of a task.",
    message: ({ name }) => `The model has neither an input nor a task called \`${name}\`.`,
  }),
  NN7053: define<{ name: string }>({
    severity: "error",
    title: "Given twice in the data section",
    explanation: "Every input and every task gets its columns once.",
    message: ({ name }) => `\`${name}\` has its columns already.`,
  }),
  NN7054: define<{ name: string; wanted: string; columns: number }>({
    severity: "error",
    title: "Number of columns does not fit",
    explanation:
      "An input of `float[3]` takes three columns; an image of `float[8, 8, 1]` takes 64, row by row.",
    message: ({ name, wanted, columns }) =>
      `\`${name}\` is ${wanted}, but gets ${columns} column${columns === 1 ? "" : "s"}.`,
  }),
  NN7055: define<{ command: string }>({
    severity: "error",
    title: "No data section",
    explanation: "Training, evaluating and predicting from files need to know where the numbers come from.",
    message: ({ command }) => `\`nnc ${command}\` needs a \`data\` section.`,
    hint: 'Add `data { from: "file.csv"  INPUT = column  TASK = column }`.',
  }),
  NN7056: define<Record<never, never>>({
    severity: "error",
    title: "Other rows than in training",
    explanation:
      "A checkpoint remembers which rows it was trained on. With other parts a test row may have been trained on.",
    message: () => "The parts of the data are not those that the checkpoint was trained with.",
    hint: "The data file or `split` has changed since. Train again, or evaluate a file of its own with `--data FILE`.",
  }),
  NN7057: define<{ part: string }>({
    severity: "error",
    title: "Part without rows",
    explanation: "`split` gives the part no share.",
    message: ({ part }) => `The ${part} part has no rows.`,
  }),
  NN7058: define<{ name: string; reason: string }>({
    severity: "error",
    title: "Transforms do not fit",
    explanation:
      "Transforms work on numbers. `missing_indicator` stands before `impute`, once; labels are not imputed, since a missing label takes no part in training.",
    message: ({ name, reason }) => `The transforms of \`${name}\`: ${reason}.`,
  }),
  NN7059: define<{ task: string; part: string }>({
    severity: "error",
    title: "Part without labels",
    explanation:
      "A task learns from labelled rows of the training part; early stopping looks at labelled rows of the validation part.",
    message: ({ task, part }) => `No row of the ${part} part has a label of \`${task}\`.`,
    hint: "Give the part more rows, deal them another way with `split: { by: … }`, or take the task out.",
  }),
  NN7022: define<{ name: string; column: string }>({
    severity: "warning",
    title: "Column taken twice",
    explanation:
      "An input or label that takes one column twice has the same number in two places, which as a rule is a slip for another column.",
    message: ({ name, column }) => `\`${name}\` takes the column \`${column}\` twice.`,
    hint: "Is another column meant? Otherwise take one of them out.",
  }),
};
