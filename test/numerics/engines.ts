import type { Model } from "../../src/index.js";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import type { ModelPrograms } from "../../src/phases/5-lower/programs.js";
import { createReferenceSession } from "../../src/engines/reference.js";
import { tfjs } from "../../src/engines/tfjs.js";
import type { ModelDescriptor } from "../../src/runtime/descriptor.js";
import { startModel } from "../../src/runtime/index.js";
import type { Session } from "../../src/runtime/session.js";
import { startWasm } from "../../src/runtime/wasm/index.js";
import { plannedProgram } from "../../src/runtime/wasm/planned.js";
import type { Program } from "../../src/tensor/index.js";
import { compiled } from "../helpers.js";

type Programs = Readonly<Record<string, Program>>;

/** Starts programs; `wasm` once for each variant of its kernels, whatever the host would choose. */
export type Start = (programs: Programs) => Promise<Session>;

/** What `make` makes of programs, made once for those that several sessions run. */
function kept<T>(make: (programs: Programs) => T): (programs: Programs) => T {
  const made = new WeakMap<Programs, T>();
  return (programs) => {
    const found = made.get(programs) ?? make(programs);
    made.set(programs, found);
    return found;
  };
}

const planned = kept((programs) =>
  Object.fromEntries(
    Object.entries(programs).map(([name, program]) => [name, plannedProgram(planProgram(program))]),
  ),
);

export const float32Engines: readonly (readonly [string, Start])[] = [
  ["wasm, plain", (programs) => startWasm(planned(programs), { variant: "plain" })],
  ["wasm, relaxed", (programs) => startWasm(planned(programs), { variant: "relaxed" })],
  ["tfjs", (programs) => tfjs.start(programs, { backend: "wasm" })],
];

export const reference: Start = async (programs) => createReferenceSession(programs);

export const everyEngine: readonly (readonly [string, Start])[] = [
  ["reference", reference],
  ...float32Engines,
];

/** A spec's programs, which any number of models may run. */
export interface Lowered {
  readonly descriptor: ModelDescriptor;
  readonly programs: Programs;
}

/** The programs of a spec, or those of these names alone. */
export function lower(text: string, names?: readonly (keyof ModelPrograms)[]): Lowered {
  const { descriptor, programs } = lowerModel(compiled(text).document, {});
  if (!names) return { descriptor, programs: { ...programs } };
  return { descriptor, programs: Object.fromEntries(names.map((name) => [name, programs[name]!])) };
}

/** A model on one of these engines. */
export async function modelOf(start: Start, { descriptor, programs }: Lowered): Promise<Model> {
  return startModel(descriptor, await start(programs));
}

/** A spec's model on one of these engines. */
export function modelOn(start: Start, text: string): Promise<Model> {
  return modelOf(start, lower(text));
}
