import { define } from "../define.js";

/** NN7072 and on: rows of a data file as episodes, to learn to learn on. */
export const episodeCodes = {
  NN7072: define<{ name: string; rows: number; wanted: number }>({
    severity: "error",
    title: "Class with too few rows",
    explanation: "An episode takes other rows of a class for its support than for its query.",
    message: ({ name, rows, wanted }) =>
      `The class \`${name}\` has ${rows} row${rows === 1 ? "" : "s"}, and an episode takes ${wanted} of each.`,
  }),
  NN7073: define<{ column: string; place: string; count: number }>({
    severity: "error",
    title: "Row without a task",
    explanation: "The column that names the tasks of a `meta` section has a value in every row.",
    message: ({ column, place, count }) =>
      `${count === 1 ? "A row belongs" : `${count} rows belong`} to no task: column \`${column}\` is empty at ${place}.`,
  }),
  NN7074: define<{ column: string; value: string; first: string; second: string }>({
    severity: "error",
    title: "Task in two parts",
    explanation:
      "Whole tasks are trained on, chosen by, or judged by, so that all rows of a task are in one part.",
    message: ({ column, value, first, second }) =>
      `Rows of \`${column}\` \`${value}\` are in the ${first} part and in the ${second} part.`,
    hint: "Give its rows one part, or let whole tasks be dealt out: leave `by` out.",
  }),
  NN7075: define<{ column: string; part: string; rows: number }>({
    severity: "error",
    title: "Part without tasks",
    explanation:
      "Episodes need tasks to train on and others to be judged by, each with rows for a support and a query; tasks with fewer rows are left out. Only the validation part may be empty.",
    message: ({ column, part, rows }) =>
      `No value of \`${column}\` in the ${part} part has the ${rows} rows of an episode.`,
    hint: "Give the part a larger share, or episodes fewer rows.",
  }),
  NN7076: define<{ column: string; input: string }>({
    severity: "error",
    title: "Task as an input",
    explanation:
      "The value that names a task says nothing of new tasks; what they are like is to be seen from the support.",
    message: ({ column, input }) =>
      `Column \`${column}\` names the task, and input \`${input}\` takes it too.`,
    hint: "Map the input from other columns.",
  }),
  NN7077: define<{ path: string; classes: number; ways: number }>({
    severity: "error",
    title: "More classes than ways",
    explanation: "A model of `ways` classes tells so many apart; a support file may have fewer.",
    message: ({ path, classes, ways }) =>
      `${path} has ${classes} classes, and the model tells ${ways} apart.`,
    hint: "Take rows of other classes out, or train with more `ways`.",
  }),
};
