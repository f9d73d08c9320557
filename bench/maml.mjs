// Times second-order MAML steps of specs/meta/sinusoid.nnspec: `node bench/maml.mjs plain|relaxed REPEATS`, data and loop included.
// Prints what step.mjs prints.
import { readFileSync } from "node:fs";
import { compile } from "../dist/src/index.js";
import { lowerMetaModel } from "../dist/src/compile.js";
import { createWasmEngineSession } from "../dist/src/engines/wasm.js";
import { startMetaModel } from "../dist/src/runtime/index.js";
import { timed } from "./timing.mjs";

const [variant, repeats] = process.argv.slice(2);
const { document } = compile(readFileSync(new URL("../specs/meta/sinusoid.nnspec", import.meta.url), "utf8"));
const { descriptor, programs } = lowerMetaModel(document);
const session = await createWasmEngineSession({ ...programs }, { variant });
const model = await startMetaModel(descriptor, session, { seed: 1 });
const measured = await timed((steps) => model.metaFit({ steps }), Number(repeats));
console.log(JSON.stringify({ ...measured, note: session.engine }));
process.exit(0);
