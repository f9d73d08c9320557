import { defineInitializer } from "../kinds/initializer.js";
import { fans, scaledNormal } from "./variance_scaling.js";

export const heNormal = defineInitializer({
  name: "he_normal",
  doc: "Normal with standard deviation √(2 / inputs), cut off at two of the untruncated deviations (He et al. 2015, equation 10; cut off as in Keras).",
  example: "h = x |> dense(8, kernel_initializer: he_normal)",
  parameters: {},
  lower: (context) => {
    const { fanIn } = fans(context.weight);
    return scaledNormal(context, 2 / fanIn);
  },
});
