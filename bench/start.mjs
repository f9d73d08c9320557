// Starts a spec's model as `compile(spec).create()` does, but with the kernels' variant chosen: no public option says it.
import { compile } from "../dist/src/index.js";
import { lowerModel } from "../dist/src/compile.js";
import { tfjs } from "../dist/src/engines/tfjs.js";
import { createWasmEngineSession } from "../dist/src/engines/wasm.js";
import { startModel } from "../dist/src/runtime/index.js";

/** `on` is `plain` or `relaxed`, of the wasm engine, or `tfjs`, on its wasm backend. */
export async function startOn(spec, on) {
  const { document, diagnostics } = compile(spec);
  if (!document) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const { descriptor, programs } = lowerModel(document);
  const session =
    on === "tfjs"
      ? await tfjs.start({ ...programs }, { backend: "wasm" })
      : await createWasmEngineSession({ ...programs }, { variant: on });
  const model = await startModel(descriptor, session, { seed: 1 });
  return {
    session,
    engine: session.engine,
    fit: (data, options) => model.fit(data, options),
    partialFit: (data) => model.partialFit(data),
    dispose: () => model.dispose(),
  };
}
