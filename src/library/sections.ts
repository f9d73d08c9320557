import { component } from "./declarations.js";
import {
  column,
  columns,
  componentOption,
  components,
  group,
  listed,
  option,
  optionalColumn,
  optionalColumns,
  optionalComponent,
  optionalGroup,
  optionalPaths,
  type OptionsIn,
  type Parameter,
  paths,
} from "./kinds/parameters.js";
import {
  count,
  either,
  exactly,
  flag,
  integer,
  listOf,
  nonNegative,
  number,
  oneOf,
  recordOf,
  seed,
  text,
} from "./kinds/values.js";

/** The settings of each section, in the same terms as the options of a layer. */

const classWeights = {
  schema: {
    anyOf: [
      { const: null },
      { const: "balanced" },
      { type: "array", items: nonNegative.schema, minItems: 2 },
      { type: "object", additionalProperties: nonNegative.schema },
    ],
  },
  is: either(either(exactly(null), exactly("balanced")), either(listOf(nonNegative), recordOf(nonNegative)))
    .is,
};

export const taskSettings = listed({
  loss: componentOption("loss", "What is made small."),
  metrics: components("metric", "What is reported."),
  weight: option(nonNegative, "The static weight of the task's loss.", 1),
  class_weights: option(
    classWeights,
    "`balanced`: rows / (classes · rows of the class); or one number a class.",
    null,
  ),
});

const optimizer = {
  ...componentOption("optimizer", "What moves the weights.", component("adam")),
  elsewhere: ["learning_rate", "lr", "weight_decay"],
};

const freezingDeclarations = {
  from: option(count, "The first frozen epoch; epochs count from 1.", 1),
  until: option(either(count, exactly(null)), "The last frozen epoch; to the end by default.", null),
};

const freezing = group(
  "The epochs in which weights are kept as they are, both ends included.",
  freezingDeclarations,
);

/** What `freeze PATTERN:` takes. */
export const freezingSettings = listed(freezingDeclarations);

const modelSeed = {
  ...option(seed, "Of the model's random numbers.", 0),
  elsewhere: ["random_state", "random_seed"],
};

const onDivergence = {
  ...option(
    oneOf(["stop", "continue"]),
    "What to do when a loss or a weight is no finite number any more.",
    "stop",
  ),
  elsewhere: ["terminate_on_nan", "detect_anomaly"],
};

export const trainSettings = listed({
  optimizer: { ...optimizer, patterned: optimizer },
  epochs: {
    ...option(count, "Passes over the training part.", 10),
    elsewhere: ["num_epochs", "n_epochs", "max_epochs"],
  },
  batch: {
    ...option(either(count, exactly("full")), "Rows a step, or `full`.", 32),
    elsewhere: ["batch_size"],
  },
  accumulate: option(count, "Batches whose gradients make one step.", 1),
  shuffle: option(flag, "Whether the rows are mixed anew in each epoch.", true),
  seed: modelSeed,
  freeze: { ...paths("Weights that are kept as they begin, such as `trunk.*`.", []), patterned: freezing },
  balance: componentOption("balancer", "How the tasks' losses are put together.", component("fixed")),
  clip: {
    ...optionalComponent("clip", "A bound on the gradients."),
    elsewhere: ["clipnorm", "clipvalue", "global_clipnorm", "grad_clip", "max_grad_norm"],
  },
  stop: {
    ...optionalComponent("stopper", "When to stop before the last epoch."),
    elsewhere: ["early_stopping", "callbacks", "patience"],
  },
  on_divergence: onDivergence,
});

const metaDeclarations = {
  episode: group("The sizes of an episode.", {
    ways: option(either(count, exactly(null)), "Classes in an episode.", null),
    support: option(count, "Rows to adapt on, a class where there are classes."),
    query: option(count, "Rows to be judged by, a class where there are classes."),
  }),
  tasks: optionalComponent("family", "A family of regression tasks, where they come from no file."),
  tasks_per_step: option(count, "Tasks in a meta-step.", 1),
  optimizer: componentOption("optimizer", "The outer optimizer.", component("adam")),
  steps: option(integer({ minimum: 1, maximum: 1_000_000_000 }), "Meta-steps.", 1000),
  seed: modelSeed,
  adapt: optionalPaths("The weights that adapt."),
  norm: option(
    oneOf([null, "support", "running", "transductive"]),
    "Batch norm's statistics in episodes.",
    null,
  ),
  dropout: option(oneOf(["on", "off"]), "Whether the inner steps drop.", "off"),
  on_divergence: onDivergence,
  task: optionalColumn("The data file's column that names each row's task."),
} as const;

/** The settings of a `meta` section beside its algorithm. */
export const episodeSettings = listed(metaDeclarations);

export type EpisodeSettings = OptionsIn<typeof episodeSettings>;

export const metaSettings = listed({
  algorithm: componentOption("algorithm", "How it learns to learn."),
  ...metaDeclarations,
});

const classNames = listOf(either(text(), number()));
const fileName = text({ minLength: 1, maxLength: 4096 });
const part = either(number({ minimum: 0, maximum: 1 }), exactly(null));

const rowDeclarations = {
  sampler: componentOption("sampler", "How rows of several data files are mixed.", component("proportional")),
  batches: option(
    oneOf(["mixed", "homogeneous"]),
    "Whether a batch holds rows of several data files, or of one.",
    "mixed",
  ),
  header: {
    ...option(
      flag,
      "Whether the first line names the columns; otherwise they are `$1`, `$2`, …. `header NAME:` for one of several files.",
      true,
    ),
    patterned: option(flag, "Whether the first line of one of several data files names its columns."),
  },
  missing: option(
    classNames,
    'Cells that count as missing, besides empty ones, NA, NaN and null, such as `["?"]`; `impute(mean)` of a mapping fills them in.',
    [],
  ),
  split: {
    ...group(
      "How the rows are dealt.",
      {
        train: option(part, "The share of the training part; none with `by: column`.", null),
        validation: option(part, "The share of the validation part.", null),
        test: option(part, "The share of the test part.", null),
        by: componentOption("split", "By chance, or by a column.", component("random")),
        seed: option(seed, "Of the split alone.", 0),
      },
      { train: 0.8, validation: 0.1, test: 0.1, by: component("random"), seed: 0 },
    ),
    elsewhere: ["validation_split", "test_split", "test_size", "validation_data"],
  },
  row_weight: {
    ...optionalColumns("A weight for each row's losses; `row_weight TASK:` for one task's."),
    patterned: columns("A weight for each row's loss of the task."),
  },
  classes: optionalGroup("Three disjoint sets of classes for few-shot learning.", {
    from: column("The column of the class."),
    train: option(classNames, "Classes of meta-training."),
    validation: option(classNames, "Classes of meta-validation.", []),
    test: option(classNames, "Classes of meta-test.", []),
  }),
};

/** Settings for the rows of data files, without the names of the files. */
export const rowSettings = listed(rowDeclarations);

export const dataSettings = listed({
  from: {
    ...option(fileName, "The data file, relative to the spec; `from NAME:` for each of several."),
    elsewhere: ["path", "file", "filename", "csv"],
    patterned: option(fileName, "One of several data files."),
  },
  ...rowDeclarations,
});

/** The row settings with all defaults filled in. */
export type RowSettings = OptionsIn<typeof rowSettings>;

export type TaskSettings = OptionsIn<typeof taskSettings>;

export type TrainSettings = OptionsIn<typeof trainSettings>;

/** The sections that have settings, with what a message calls them. */
export const sections: readonly { readonly name: string; readonly parameters: readonly Parameter[] }[] = [
  { name: "a task", parameters: taskSettings },
  { name: "a `train` section", parameters: trainSettings },
  { name: "the `meta` section", parameters: metaSettings },
  { name: "the `data` section", parameters: dataSettings },
];
