import { define } from "../define.js";

/** NN5xxx: training and meta-learning. */
export const trainingCodes = {
  NN5001: define<{ path: string; first: string; second: string }>({
    severity: "error",
    title: "Two optimizers for one weight",
    explanation:
      "Each weight is trained by one optimizer: the one whose pattern claims it, or the plain one.",
    message: ({ path, first, second }) => `Both \`${first}\` and \`${second}\` claim the weight \`${path}\`.`,
    hint: "Make one of the patterns narrower.",
  }),
  NN5002: define<{ pattern: string; where: string }>({
    severity: "error",
    title: "Pattern matches no weight",
    explanation:
      "In a pattern `*` stands for one or more segments of a weight path. `nnc summary` lists the paths.",
    message: ({ pattern, where }) => `\`${pattern}\` in \`${where}\` matches no weight.`,
  }),
  NN5003: define<{ pattern: string; paths: string }>({
    severity: "warning",
    title: "Frozen weights under an optimizer",
    explanation:
      "An optimizer by path claims weights that `freeze` keeps as they are; it will not touch them.",
    message: ({ pattern, paths }) => `The optimizer of \`${pattern}\` claims frozen weights: ${paths}.`,
    hint: "Take them out of `freeze`, or out of the pattern.",
  }),
  NN5004: define<{ quantity: string; actual: string; comparison: string; limit: string }>({
    severity: "error",
    title: "Budget exceeded",
    explanation: "The `budget` section bounds what a model may cost; `nnc summary` shows where it goes.",
    message: ({ quantity, actual, comparison, limit }) =>
      `\`${quantity}\` is ${actual}, and the budget says ${comparison} ${limit}.`,
  }),
  NN5005: define<{ task: string; loss: string }>({
    severity: "error",
    title: "Balancing by uncertainty needs a noise model",
    explanation:
      "Uncertainty weighting takes a loss as a likelihood: mse and huber as Gaussian, mae as Laplace, cross-entropies as categorical.",
    message: ({ task, loss }) => `Task \`${task}\`: \`${loss}\` states no noise model.`,
  }),
  NN5006: define<{ what: string; name: string }>({
    severity: "error",
    title: "Not there yet",
    explanation: "The language has this, and it is checked, but this version cannot run it yet.",
    message: ({ what, name }) => `The ${what} \`${name}\` is not there yet in this version.`,
  }),
  NN5023: define<{ reason: string }>({
    severity: "error",
    title: "Nothing adapts",
    explanation:
      "An inner loop moves weights: those that `adapt` names, or all, the head, or the body, as the algorithm says.",
    message: ({ reason }) => `No weight adapts: ${reason}.`,
    hint: "Name weights with `adapt: [PATTERN]`.",
  }),
  NN5024: define<{ algorithm: string; reason: string }>({
    severity: "error",
    title: "Algorithm that does not fit the model",
    explanation:
      "`protonet`, `matching` and `relation` compare embedded rows to predict a class: the model has one task with a `category` label whose loss takes a softmax. `supervised` needs to know all classes that are trained on where episodes draw some of them anew.",
    message: ({ algorithm, reason }) => `\`${algorithm}\` does not fit: ${reason}.`,
  }),
  NN5034: define<{ what: string }>({
    severity: "error",
    title: "Weights of rows or classes in an episode",
    explanation:
      "In an episode all rows count the same: its classes have as many rows each, and are drawn anew where `classes` names them.",
    message: ({ what }) => `\`${what}\` has no place beside a \`meta\` section.`,
    hint: "Take it out; a task's `weight` counts in both loops.",
  }),
  NN5025: define<{ task: string }>({
    severity: "error",
    title: "Missing labels in an episode",
    explanation: "All rows of a support and of a query have their labels.",
    message: ({ task }) => `The label of \`${task}\` may be missing, which an episode does not allow.`,
    hint: "Take the `?` from its type.",
  }),
  NN5026: define<{ family: string; reason: string }>({
    severity: "error",
    title: "Family of other tasks",
    explanation: "The built-in families make regression tasks of one number in and one number out.",
    message: ({ family, reason }) => `\`tasks: ${family}\` does not fit the model: ${reason}.`,
    hint: "The model has one input `float[1]` and one task with `label: float`.",
  }),
  NN5027: define<Record<never, never>>({
    severity: "error",
    title: "No tasks to learn on",
    explanation: "A command takes its tasks from the spec; `metaFit({ draw })` takes them from a function.",
    message: () => "The `meta` section names no tasks.",
    hint: "Name a family, `tasks: sinusoids`, or the column that says which task a row is of, `task: COLUMN`, or give the data section `classes: { … }`.",
  }),
  NN5028: define<{ reason: string }>({
    severity: "error",
    title: "Classes of episodes",
    explanation:
      "`classes: { from: COLUMN, train: […], validation: […], test: […] }` names three disjoint sets of classes; an episode is about `ways` classes of one set, whose indices are drawn anew.",
    message: ({ reason }) => `The classes of episodes: ${reason}.`,
  }),
  NN5029: define<{ balancer: string }>({
    severity: "error",
    title: "Balancing beside meta-learning",
    explanation:
      "In a spec with a `meta` section the losses of an episode's tasks are added up by their static weights, in the inner loop and in the outer one: a balancer's state would have to live through tasks that have nothing in common.",
    message: ({ balancer }) => `\`balance: ${balancer}\` has no place beside a \`meta\` section.`,
    hint: "Weigh the tasks with `weight:`, or take the `meta` section out.",
  }),
  NN5030: define<{ column: string; reason: string }>({
    severity: "error",
    title: "Tasks by a column, and by something else",
    explanation:
      "`task: COLUMN` in a `meta` section makes a task of all rows of the data file with one value in the column. Its episodes are drawn from the rows of a task, whatever their labels.",
    message: ({ column, reason }) => `\`task: ${column}\` cannot name the tasks: ${reason}.`,
  }),
  NN5031: define<{ by: string; column: string }>({
    severity: "error",
    title: "Tasks torn by the split",
    explanation:
      "Whole tasks are trained on, chosen by, or judged by; a task with rows in two parts would be no new one. `by: group(COLUMN)`, with the column that names the tasks, is the default; `by: column(PART)` takes the parts from the file.",
    message: ({ by, column }) => `A split by \`${by}\` may deal rows of one \`${column}\` to two parts.`,
  }),
  NN5032: define<Record<never, never>>({
    severity: "warning",
    title: "Train section beside meta",
    explanation:
      "A spec with a `meta` section is trained as that says; what a `train` section says is not looked at.",
    message: () => "This `train` section has no effect beside `meta`.",
    hint: "`meta` takes `optimizer`, `steps` and `seed`; take the `train` section out.",
  }),
  NN5033: define<Record<never, never>>({
    severity: "error",
    title: "Several data files beside meta",
    explanation: "Tasks to learn to learn on come from one data file, without a name.",
    message: () => "A spec with a `meta` section has one data file.",
    hint: 'Write `from: "file"` without a name.',
  }),
  NN5008: define<{ monitor: string; reason: string }>({
    severity: "error",
    title: "Nothing to monitor",
    explanation:
      "`monitor` names a part and what is measured on it: `validation.loss`, `validation.TASK.loss`, `validation.TASK.METRIC`.",
    message: ({ monitor, reason }) => `Cannot monitor \`${monitor}\`: ${reason}.`,
  }),
  NN5009: define<{ paths: string }>({
    severity: "error",
    title: "Weights without an optimizer",
    explanation:
      "Optimizers by path leave weights that no pattern claims; the plain `optimizer:` takes them.",
    message: ({ paths }) => `No optimizer takes ${paths}.`,
    hint: "Add `optimizer: adam`, or freeze them.",
  }),
  NN5010: define<{ quantity: string }>({
    severity: "error",
    title: "Unknown budget",
    explanation:
      "A budget bounds `parameters` (numbers in weights), `weights` (their bytes in float32), `layers` or `flops` (operations of predicting a row: two for every multiply-add of the forward pass, and one for every number that a layer gives).",
    message: ({ quantity }) => `There is no budget for \`${quantity}\`.`,
  }),
  NN5011: define<{ balancer: string }>({
    severity: "warning",
    title: "Static weights without effect",
    explanation: "Under this balancer the tasks' static weights change nothing.",
    message: ({ balancer }) => `Under \`${balancer}\` the tasks' static weights have no effect.`,
  }),
  NN5012: define<{ reason: string }>({
    severity: "error",
    title: "Full batches and mini-batches mixed",
    explanation:
      "`gd` takes the whole training part in one step, and all weights are updated in the same step.",
    message: ({ reason }) => `${reason}.`,
    hint: "Use `sgd` for mini-batches, or `gd` for all weights.",
  }),
  NN5013: define<{ name: string; known: string }>({
    severity: "error",
    title: "No such train section",
    explanation: "`--train NAME` picks one of the spec's `train NAME { … }` sections.",
    message: ({ name, known }) => `There is no train section \`${name}\`; there is ${known}.`,
  }),
  NN5014: define<Record<never, never>>({
    severity: "error",
    title: "Batch norm in episodes",
    explanation:
      "Under `meta`, batch norm needs a choice: `norm: support` (statistics of the support set), `running` (moving ones) or `transductive` (of the query set as well).",
    message: () => "`batch_norm` under `meta` needs `norm: support`, `running` or `transductive`.",
  }),
  NN5015: define<{ balancer: string; reason: string }>({
    severity: "error",
    title: "Nothing for a balancer to look at",
    explanation:
      "Some balancers look at the tasks' gradients of weights that the tasks share: at least one of these weights is trained.",
    message: ({ balancer, reason }) => `\`${balancer}\` has no weights to look at: ${reason}.`,
    hint: "Give the tasks a `shared` part, or use `balance: fixed`.",
  }),
  NN5016: define<{ balancer: string }>({
    severity: "error",
    title: "Balancer of single batches",
    explanation:
      "`famo` looks at a batch's losses once more after the step, so that a step is made of one batch.",
    message: ({ balancer }) => `\`${balancer}\` and \`accumulate\` do not go together.`,
    hint: "Leave `accumulate` away, with a larger `batch` if need be.",
  }),
  NN5017: define<{ pattern: string; from: string; until: string }>({
    severity: "error",
    title: "Freezing ends before it begins",
    explanation:
      "`freeze PATTERN: { from: 3, until: 5 }` keeps weights still in epochs 3, 4 and 5; epochs count from 1.",
    message: ({ pattern, from, until }) =>
      `\`${pattern}\` would be frozen from epoch ${from} until epoch ${until}, which is before it.`,
    hint: "Give an `until` that is not less than `from`, or leave it out to freeze to the end.",
  }),
  NN5018: define<{ pattern: string; paths: string }>({
    severity: "error",
    title: "Frozen always and at epochs",
    explanation: "`freeze: […]` keeps weights as they begin in all epochs; `freeze PATTERN: { … }` in some.",
    message: ({ pattern, paths }) =>
      `\`${pattern}\` is frozen at epochs, but \`freeze\` keeps ${paths} still in all of them.`,
    hint: "Take them out of one of the two.",
  }),
  NN5019: define<{ name: string; given: string }>({
    severity: "error",
    title: "Train section given twice",
    explanation: "`--train warmup,finetune` runs train sections one after the other, each of them once.",
    message: ({ name, given }) => `\`--train ${given}\` runs the train section \`${name}\` twice.`,
    hint: "Give it more `epochs`, or write a second section with the same settings.",
  }),
  NN5020: define<{ name: string; given: string }>({
    severity: "error",
    title: "Checkpoint of another train section",
    explanation:
      "`--resume` goes on in the train section that a checkpoint stands in, with its optimizer's slots and its count of epochs.",
    message: ({ name, given }) =>
      `The checkpoint stands in the train section \`${name}\`, which is not among those to run: ${given}.`,
  }),
  NN5021: define<{ weights: string; measures: string }>({
    severity: "error",
    title: "Weights of what is monitored",
    explanation:
      "`early(monitor: [validation.a.loss, validation.b.mae], weights: [2, 1])` gives each measure a weight; without `weights` each has 1.",
    message: ({ weights, measures }) =>
      `\`early\` monitors ${measures === "1" ? "one measure" : `${measures} measures`}, and \`weights\` has ${weights === "1" ? "one number" : `${weights} numbers`}.`,
    hint: "Give one weight a measure, in the order of `monitor`.",
  }),
  NN5022: define<{ reason: string }>({
    severity: "error",
    title: "Nothing to profile",
    explanation:
      "`nnc profile` compares the tasks' gradients of weights that they share and that the train section moves.",
    message: ({ reason }) => `There are no gradients to compare: ${reason}.`,
    hint: "`nnc explain flow SPEC` shows which loss reaches which weights.",
  }),
  NN5035: define<{ note: string; left: string }>({
    severity: "error",
    title: "Training diverged",
    explanation:
      "A loss or a weight is no finite number any more, and no later step can mend that. The training ends there, with the last finite weights: the best, where validation chooses them.",
    message: ({ note, left }) => `${note.charAt(0).toUpperCase()}${note.slice(1, -1)}; ${left}.`,
    hint: "A smaller learning rate, `clip: global_norm(1)`, or `standardize` for inputs and labels may help; `on_divergence: continue` goes on all the same.",
  }),
  NN5036: define<Record<never, never>>({
    severity: "warning",
    title: "Everything is frozen",
    explanation: "`freeze` names every weight of the model, so that the section trains nothing.",
    message: () => "Every weight is frozen: this section trains nothing.",
    hint: "Name the weights that are to stay as they begin, as in `freeze: [trunk.*]`.",
  }),
};
