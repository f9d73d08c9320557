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
    hint: "Use `--target tfjs`.",
  }),
  NN6003: define<{ what: string }>({
    severity: "error",
    title: "Meta-learning cannot be run yet",
    explanation: "This version checks a `meta` section, but does not train with it yet.",
    message: ({ what }) => `${what} cannot run a spec with a \`meta\` section yet.`,
    hint: "Take the `meta` section out and add `train { … }` to train it as a plain model.",
  }),
  NN6004: define<{ primitive: string; target: string }>({
    severity: "error",
    title: "Operation not in the target",
    explanation: "The target's format has no operation for a part of this model.",
    message: ({ primitive, target }) => `Target \`${target}\` has nothing for \`${primitive}\`.`,
  }),
};
