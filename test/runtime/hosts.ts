import type { Model } from "../../src/index.js";
import { emitted, importModule, outFolder } from "../emitted/emit.js";
import { compiled } from "../helpers.js";

/** Starts a spec's model. */
export type Host = (text: string) => Promise<Model>;

/** Models on every engine, and of a module that stands alone, which is written into a folder of this name. */
export function hostsIn(name: string): Readonly<Record<string, Host>> {
  const folder = outFolder(name);
  let written = 0;
  return {
    reference: (text) => compiled(text).create({ engine: "reference", seed: 4 }),
    wasm: (text) => compiled(text).create({ engine: "wasm", seed: 4 }),
    "wasm, 2 threads": (text) => compiled(text).create({ engine: "wasm", seed: 4, threads: 2 }),
    tfjs: (text) => compiled(text).create({ engine: "tfjs", seed: 4 }),
    "a standalone module": async (text) => {
      const module = await importModule(folder, `model${written++}`, emitted(text, "standalone"));
      return module.createModel({ seed: 4 });
    },
  };
}
