// Times the way of a generated spec to a module, phase by phase, in a process of its own: `node bench/phases.mjs KIND LAYERS`.
// Prints milliseconds of the processor by phase; `lower` is all programs of the model.
import { emitWasmModule } from "../dist/src/emit/typescript/wasm.js";
import { lowerModel } from "../dist/src/compile.js";
import { parse } from "../dist/src/phases/1-parse.js";
import { resolve } from "../dist/src/phases/2-resolve/index.js";
import { check } from "../dist/src/phases/3-check/index.js";
import { toDocument } from "../dist/src/phases/4-model.js";
import { planProgram } from "../dist/src/backends/wasm/plan.js";
import { makeSource } from "../dist/src/source/index.js";
import { generated } from "./generated-spec.mjs";

const ms = {};

function timed(phase, work) {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  ms[phase] = (user + system) / 1000;
  return result;
}

const [kind, layers] = process.argv.slice(2);
const source = makeSource("deep.nnspec", generated(kind, Number(layers)));
const context = { path: "deep.nnspec", read: () => undefined };
const parsed = timed("parse", () => parse(source));
const resolved = timed("resolve", () => resolve(parsed.value, source, context));
const checked = timed("check", () => check(resolved.value, []));
const problems = [parsed, resolved, checked].flatMap(({ diagnostics }) => diagnostics);
if (problems.length > 0) throw new Error(problems[0].message);
const document = toDocument(checked.value);
if (document.nodes.length !== Number(layers)) throw new Error(`${document.nodes.length} layers`);
const { descriptor, programs } = timed("lower", () => {
  const lowered = lowerModel(document);
  // Programs are made when they are first read.
  return { descriptor: lowered.descriptor, programs: { ...lowered.programs } };
});
timed("plan", () => Object.values(programs).map((program) => planProgram(program)));
timed("emit", () => emitWasmModule({ document, descriptor, programs, source: "deep.nnspec" }));
console.log(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024 }));
