import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lowerMetaModel, lowerModel } from "../../src/compile.js";
import { emitTfjsModule } from "../../src/emit/typescript/tfjs.js";
import { emitStandaloneModule } from "../../src/emit/typescript/standalone.js";
import { emitWasmModule } from "../../src/emit/typescript/wasm.js";
import type { Model, ModelDocument } from "../../src/index.js";
import { compiled } from "../helpers.js";

const out = new URL(".out/", import.meta.url);

/** A fresh folder for one test file's modules. */
export function outFolder(name: string): URL {
  const folder = new URL(`${name}/`, out);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

const emitters = { tfjs: emitTfjsModule, wasm: emitWasmModule, standalone: emitStandaloneModule };

export type Target = keyof typeof emitters;

/** The module of a spec's text. */
export function emitted(text: string, target: Target, threads = false): string {
  return emittedDocument(compiled(text).document, target, threads);
}

export function emittedDocument(document: ModelDocument, target: Target, threads = false): string {
  const { meta } = document;
  const { descriptor, programs } = meta ? lowerMetaModel({ ...document, meta }) : lowerModel(document);
  return emitters[target]({
    document,
    descriptor,
    programs: { ...programs },
    source: "spec.nnspec",
    threads,
  });
}

/** Writes a module and imports it. */
export async function importModule<M = Model>(
  folder: URL,
  name: string,
  text: string,
): Promise<{ createModel: (options?: object) => Promise<M> }> {
  const file = new URL(`${name}.ts`, folder);
  writeFileSync(file, text);
  return (await import(/* @vite-ignore */ fileURLToPath(file))) as {
    createModel: (options?: object) => Promise<M>;
  };
}

/** What tsc in strict mode says of all files of a folder, a line an error. */
export function typeErrors(folder: URL): string[] {
  const config = {
    extends: "../../../../tsconfig.json",
    compilerOptions: {
      rootDir: "../../../..",
      noUnusedLocals: true,
      noUnusedParameters: true,
      paths: {
        "nnspec/runtime": ["../../../../src/runtime/index.ts"],
        "nnspec/runtime/tfjs": ["../../../../src/runtime/tfjs/index.ts"],
        "nnspec/runtime/wasm": ["../../../../src/runtime/wasm/index.ts"],
      },
    },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(new URL("tsconfig.json", folder), JSON.stringify(config));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  try {
    execFileSync(process.execPath, [tsc, "-p", fileURLToPath(folder)], { encoding: "utf8", stdio: "pipe" });
    return [];
  } catch (error) {
    // Lines that go on with an error are indented.
    return String((error as { stdout: string }).stdout)
      .split(/\n(?! )/)
      .filter((text) => text.includes("error TS"));
  }
}
