import { defineInitializer } from "../kinds/initializer.js";
import { fans, scaledNormal } from "./variance_scaling.js";

export const glorotNormal = defineInitializer({
  name: "glorot_normal",
  doc: "Normal with standard deviation √(2 / (inputs + outputs)), cut off at two of the untruncated deviations (Glorot and Bengio 2010, equation 16; cut off as in Keras).",
  example: "h = x |> dense(8, kernel_initializer: glorot_normal)",
  parameters: {},
  lower: (context) => {
    const { fanIn, fanOut } = fans(context.weight);
    return scaledNormal(context, 1 / ((fanIn + fanOut) / 2));
  },
});
