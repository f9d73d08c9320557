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
};
