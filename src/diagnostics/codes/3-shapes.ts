import { define } from "../define.js";

/** NN3xxx: shapes. */
export const shapeCodes = {
  NN3001: define<{ message: string }>({
    severity: "error",
    title: "Shapes do not fit",
    explanation:
      "Tensors are put together whose shapes do not allow it. Shapes never show the batch dimension.",
    message: ({ message }) => capital(message),
  }),
  NN3002: define<{ message: string }>({
    severity: "error",
    title: "Wrong number of dimensions",
    explanation:
      "A layer is applied to a tensor with too many or too few dimensions: images are [height, width, channels], sequences [time, features].",
    message: ({ message }) => capital(message),
  }),
  NN3003: define<{ message: string }>({
    severity: "error",
    title: "Nothing would be left",
    explanation:
      "The output of a layer would have a dimension of 0 or less: a window is larger than what it moves over.",
    message: ({ message }) => capital(message),
  }),
  NN3004: define<{ message: string }>({
    severity: "error",
    title: "Categories where numbers are wanted, or the reverse",
    explanation:
      "Category indices are names, not amounts. `one_hot` or `embedding(…)` turns them into numbers.",
    message: ({ message }) => capital(message),
  }),
  NN3005: define<{ name: string; first: string; second: string }>({
    severity: "error",
    title: "Shared layers at different shapes",
    explanation: "A shared function has one set of weights, whose shapes come from its first use.",
    message: ({ name, first, second }) =>
      `Shared \`${name}\` is applied to ${second} here, but its weights were made for ${first}.`,
    hint: "Bring both to one shape with a layer before it, or use a `block`, whose every use has fresh weights.",
  }),
  NN3006: define<{ message: string }>({
    severity: "error",
    title: "Tensor too large",
    explanation: "One example's tensor, or a weight, would take more than 2³¹ bytes.",
    message: ({ message }) => capital(message),
  }),
  NN3007: define<{ message: string }>({
    severity: "error",
    title: "Outside the axis",
    explanation: "A part or an item is asked for that the axis of the tensor does not have.",
    message: ({ message }) => capital(message),
  }),
  NN3008: define<{ path: string; shape: string; wanted: string }>({
    severity: "error",
    title: "Tied weight of another shape",
    explanation:
      "A layer that is tied to a weight uses it as it is: a `tied_dense(units, to: …)` over n features needs a weight of [units, n].",
    message: ({ path, shape, wanted }) =>
      `\`${path}\` is ${shape}, but a weight of ${wanted} is wanted here.`,
  }),
};

function capital(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
