// Times the phases of `nnc check` on a generated spec, in a process of its own: `node bench/compile-time.mjs KIND LAYERS`.
import { compile } from "../dist/src/compile.js";
import { generated } from "./generated-spec.mjs";

const [kind, layers] = process.argv.slice(2);
const text = generated(kind, Number(layers));
const start = performance.now();
const { document, diagnostics } = compile(text);
const ms = performance.now() - start;
if (document?.nodes.length !== Number(layers)) throw new Error(diagnostics.map((d) => d.message).join("\n"));
console.log(JSON.stringify({ ms }));
