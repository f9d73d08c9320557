import { expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { simplify } from "../../src/tensor/index.js";
import { chain, links } from "./chain.js";

test.each(["added to itself", "read in another shape", "compared"])(
  "nothing recurses as deep as a program is long: %s",
  (name) => {
    const program = simplify(chain(links[name]!, 10_000));
    expect(() => planProgram(program)).not.toThrow();
  },
);
