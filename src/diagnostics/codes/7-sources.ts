import { define } from "../define.js";

/** NN706x to NN7071: several data files. */
export const sourceCodes = {
  NN7060: define<{ source: string }>({
    severity: "error",
    title: "Unknown source",
    explanation:
      'Several data files are named by `from NAME: "file"`, and their columns are written `NAME.column` or `NAME["a column"]`.',
    message: ({ source }) => `There is no source \`${source}\`.`,
  }),
  NN7061: define<{ name: string }>({
    severity: "error",
    title: "Column without a source",
    explanation: "Where data files have names, a column says which of them it is in.",
    message: ({ name }) => `\`${name}\` does not say which source its column is in.`,
  }),
  NN7062: define<{ reason: string }>({
    severity: "error",
    title: "Sources cannot be told apart",
    explanation: "There is one `from:`, or a `from NAME:` for each of several data files.",
    message: ({ reason }) => `${reason}.`,
  }),
  NN7063: define<{ first: string; second: string }>({
    severity: "error",
    title: "Columns of two sources",
    explanation: "A row is of one source, so a mapping's columns are as well.",
    message: ({ first, second }) => `These are columns of \`${first}\` and of \`${second}\`.`,
    hint: "Map it once for each source: `x = films.title` and `x = news.headline`.",
  }),
  NN7064: define<{ source: string; task: string; input: string }>({
    severity: "error",
    title: "Source without an input of its task",
    explanation:
      "Rows with labels of a task need every input that the task's output depends on. Inputs of other tasks may be missing.",
    message: ({ source, task, input }) =>
      `Rows of \`${source}\` have labels of \`${task}\`, which depends on the input \`${input}\`, and \`${source}\` has nothing for it.`,
  }),
  NN7065: define<{ source: string; task: string }>({
    severity: "error",
    title: "Source without labels of a task",
    explanation:
      "Rows of a source that a task is not mapped from have no label of it; the label's type says so.",
    message: ({ source, task }) => `Rows of \`${source}\` have no label of \`${task}\`.`,
    hint: "Let the type of its label end in `?`, or map it from this source too.",
  }),
  NN7066: define<{ task: string; reason: string }>({
    severity: "error",
    title: "Task that is never sampled",
    explanation:
      "A sampler has to take rows of a source that has labels of the task; otherwise nothing is learnt.",
    message: ({ task, reason }) => `No row with a label of \`${task}\` is ever sampled: ${reason}.`,
  }),
  NN7067: define<{ source: string }>({
    severity: "error",
    title: "Source without a task",
    explanation: "Rows without any label teach nothing.",
    message: ({ source }) => `No task is mapped from \`${source}\`.`,
    hint: "Map a task's label from it, or take it out.",
  }),
  NN7068: define<{ name: string; first: string; second: string }>({
    severity: "error",
    title: "Transforms differ between sources",
    explanation: "A field has one chain of transforms, fitted on the rows of all its sources together.",
    message: ({ name, first, second }) =>
      `\`${name}\` has other transforms in \`${second}\` than in \`${first}\`.`,
    hint: "Write the same transforms behind `|>` in both.",
  }),
  NN7069: define<{ setting: string }>({
    severity: "error",
    title: "Nothing to mix",
    explanation: "`sampler` and `batches` say how rows of several data files come to a step.",
    message: ({ setting }) => `\`${setting}\` has no effect with one data file.`,
    hint: 'Name the files, `from NAME: "file"`, or take it out.',
  }),
  NN7071: define<{ given: string | null; known: string }>({
    severity: "error",
    title: "File of an unknown source",
    explanation: "Where a spec has several data files, another file is read like one of them.",
    message: ({ given, known }) =>
      given === null
        ? `The spec has several data files, ${known}; another file is like one of them.`
        : `There is no source \`${given}\`; the data files' names: ${known}.`,
    hint: "Say which one with `--source NAME`.",
  }),
  NN7070: define<{ node: string; input: string; source: string }>({
    severity: "error",
    title: "Batch norm over rows without its input",
    explanation:
      "In a mixed batch, rows of a source that lacks an input would take part in the statistics of a batch norm behind it, as zeros.",
    message: ({ node, input, source }) =>
      `\`${node}\` would take the mean over rows of \`${source}\` too, which have nothing for the input \`${input}\`.`,
    hint: "Use `batches: homogeneous`, or `layer_norm`.",
  }),
};
