import { defineInitializer } from "../kinds/initializer.js";
import { fans, scaledUniform } from "./variance_scaling.js";

export const glorotUniform = defineInitializer({
  name: "glorot_uniform",
  doc: "Uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010, equation 16).",
  example: "h = x |> dense(8, kernel_initializer: glorot_uniform)",
  parameters: {},
  lower: (context) => {
    const { fanIn, fanOut } = fans(context.weight);
    return scaledUniform(context, 1 / ((fanIn + fanOut) / 2));
  },
});
