import { defineInitializer } from "../kinds/initializer.js";
import { fans, scaledUniform } from "./variance_scaling.js";

export const heUniform = defineInitializer({
  name: "he_uniform",
  doc: "Uniform within ±√(6 / inputs) (He et al. 2015, equation 10).",
  example: "h = x |> dense(8, kernel_initializer: he_uniform)",
  parameters: {},
  lower: (context) => {
    const { fanIn } = fans(context.weight);
    return scaledUniform(context, 2 / fanIn);
  },
});
