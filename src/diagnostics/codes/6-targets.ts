import { define } from "../define.js";

/** NN6xxx: targets and engines. */
export const targetCodes = {
  NN6001: define<{ target: string; known: string }>({
    severity: "error",
    title: "Unknown target",
    explanation: "What `nnc compile --target` can write.",
    message: ({ target, known }) => `There is no target \`${target}\`; there is ${known}.`,
  }),
  NN6002: define<{ target: string }>({
    severity: "error",
    title: "Target not there yet",
    explanation: "The target is planned, but this version does not have it.",
    message: ({ target }) => `Target \`${target}\` is not there yet in this version.`,
    hint: "Without `--target` a module on nnspec's own kernels is written.",
  }),
  NN6003: define<{ what: string }>({
    severity: "error",
    title: "Not for meta-learning",
    explanation:
      "A model with a `meta` section is trained and used task by task: `nnc train`, `nnc evaluate`, `nnc predict --adapt` and training modules do that. A graph that only predicts cannot adapt, and `nnc profile` looks at the steps of a `train` section.",
    message: ({ what }) => `${what} is not for a spec with a \`meta\` section.`,
    hint: "Take the `meta` section out and add `train { … }` to have a plain model.",
  }),
  NN6004: define<{ primitive: string; target: string }>({
    severity: "error",
    title: "Operation not in the target",
    explanation: "The target's format has no operation for a part of this model.",
    message: ({ primitive, target }) => `Target \`${target}\` has nothing for \`${primitive}\`.`,
  }),
  NN6005: define<{ command: string }>({
    severity: "error",
    title: "Command not there yet",
    explanation: "The command is planned, but this version does not have it.",
    message: ({ command }) => `\`nnc ${command}\` is not there yet in this version.`,
  }),
  NN6006: define<{ path: string; reason: string }>({
    severity: "error",
    title: "File cannot be read or written",
    explanation: "A file that a command was given cannot be read, or what it makes cannot be written.",
    message: ({ path, reason }) => `${path}: ${reason}.`,
  }),
  NN6007: define<{ reason: string }>({
    severity: "error",
    title: "Checkpoint or row does not fit",
    explanation:
      "A checkpoint belongs to one model; a raw row names the inputs, or the columns, that the model has.",
    message: ({ reason }) => sentence(reason),
  }),
  NN6008: define<{ reason: string }>({
    severity: "error",
    title: "Engine cannot be started",
    explanation:
      "`--engine wasm` (the default), `tfjs` or `reference`; `--backend` names a backend of tfjs that is installed. The engine `wasm` needs WebAssembly with SIMD, which a page's content security policy may refuse, and which `node --jitless` has not.",
    message: ({ reason }) => sentence(reason),
  }),
  NN6010: define<Record<never, never>>({
    severity: "error",
    title: "Nothing that adapts",
    explanation: "`nnc predict SPEC --adapt support.csv query.csv` is for a spec with a `meta` section.",
    message: () => "`--adapt` is for a spec with a `meta` section, and this has none.",
    hint: "Leave `--adapt` away; `--data FILE` names the rows to predict.",
  }),
  NN6011: define<Record<never, never>>({
    severity: "error",
    title: "No rows to adapt to",
    explanation: "A model that learns to learn predicts for a task of which it has seen labelled rows.",
    message: () => "A spec with a `meta` section predicts after it has adapted to a task.",
    hint: "`nnc predict SPEC --adapt support.csv query.csv`; `--inner-steps 0` leaves the weights as they were trained.",
  }),
  NN6009: define<{ option: string; target: string }>({
    severity: "error",
    title: "Option not for this target",
    explanation: "Some options of `nnc compile` belong to one target.",
    message: ({ option, target }) => `\`${option}\` means nothing to target \`${target}\`.`,
  }),
  NN6012: define<{ path: string; who: string }>({
    severity: "error",
    title: "Checkpoint in use",
    explanation:
      "One training at a time writes a checkpoint: two would overwrite each other. A lock beside it says which process that is; one that a killed process of this machine left is taken over.",
    message: ({ path, who }) => `${path} is being written by ${who}.`,
  }),
  NN6013: define<{ path: string; reason: string }>({
    severity: "error",
    title: "Checkpoint of another model",
    explanation:
      "`nnc train` writes its checkpoint over that of an earlier training of the same model. What is there belongs to another one, or to an earlier version of this one, whose training would be lost.",
    message: ({ path, reason }) => `${path} would be overwritten, and ${reason}.`,
    hint: "`-o FILE` writes another file; `--from FILE` takes the weights that fit; `--force` overwrites it.",
  }),
};

/** Begins with a capital, unless the first word is a name such as `inputs.x`. */
function sentence(text: string): string {
  return /^[a-z]+\s/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
