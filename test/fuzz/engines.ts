import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import { writtenColumns } from "../../src/model/columns.js";
import { createReferenceSession } from "../../src/engines/reference.js";
import { tfjs } from "../../src/engines/tfjs.js";
import { emitStandaloneModule } from "../../src/emit/typescript/standalone.js";
import type { ModelDocument } from "../../src/index.js";
import type { ModelDescriptor } from "../../src/runtime/descriptor.js";
import type { Session } from "../../src/runtime/session.js";
import { startWasm } from "../../src/runtime/wasm/index.js";
import { plannedProgram } from "../../src/runtime/wasm/planned.js";

/** One model on every engine. */
export interface Engines {
  readonly descriptor: ModelDescriptor;
  readonly reference: Session;
  /** The reference with each operation's result rounded to float32. */
  readonly rounded: Session;
  readonly others: Readonly<Record<string, Session>>;
}

/** The session of a model that a module has made. */
interface Opened {
  readonly session: Session;
}

export async function startEngines(document: ModelDocument, folder: URL, name: string): Promise<Engines> {
  const { descriptor, programs } = lowerModel(document, { columns: writtenColumns(document.data) });
  const all = { ...programs };
  const plans = Object.fromEntries(
    Object.entries(all).map(([program, lowered]) => [program, plannedProgram(planProgram(lowered))]),
  );
  const module = { document, descriptor, programs: all, source: "random.nnspec", threads: false };
  return {
    descriptor,
    reference: createReferenceSession(all),
    rounded: createReferenceSession(all, Math.fround),
    others: {
      wasm: await startWasm(plans, { variant: "plain" }),
      "wasm (relaxed)": await startWasm(plans, { variant: "relaxed" }),
      tfjs: await tfjs.start(all, {}),
      module: await sessionOf(emitStandaloneModule(module), folder, name),
    },
  };
}

async function sessionOf(text: string, folder: URL, name: string): Promise<Session> {
  const file = new URL(`${name}.mjs`, folder);
  writeFileSync(file, text);
  const { createModel } = (await import(/* @vite-ignore */ fileURLToPath(file))) as {
    createModel: () => Promise<unknown>;
  };
  return ((await createModel()) as Opened).session;
}
