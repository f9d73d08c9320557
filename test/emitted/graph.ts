import { readFileSync } from "node:fs";
import type * as tfjs from "@tensorflow/tfjs";
import { emitGraphModel, type Files } from "../../src/emit/tfjs-graph/emit.js";
import { startTfjs } from "../../src/runtime/tfjs/index.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import type { Program } from "../../src/tensor/index.js";

export type Tf = typeof tfjs;
export type Backend = "wasm" | "cpu";

export function graphFiles(program: Program, state: (name: string) => HostTensor): Files {
  return emitGraphModel({ program, state, version: "0.0.0" });
}

/** What tfjs' own handlers make of the files. */
export async function artifactsOf(
  tf: Tf,
  read: (name: string) => string | Uint8Array,
): Promise<tfjs.io.ModelArtifacts> {
  const model = JSON.parse(String(read("model.json"))) as tfjs.io.ModelJSON;
  return tf.io.getModelArtifactsForJSON(model, (manifest) => {
    const parts = manifest.flatMap((group) => group.paths.map((path) => read(path) as Uint8Array));
    const specs = manifest.flatMap((group) => group.weights);
    return Promise.resolve([specs, new Uint8Array(Buffer.concat(parts)).buffer]);
  });
}

/** An IOHandler for a folder. */
export function fromFolder(tf: Tf, folder: URL): tfjs.io.IOHandler {
  const read = (name: string) => readFileSync(new URL(name, folder));
  return {
    load: () => artifactsOf(tf, (name) => (name.endsWith(".json") ? read(name).toString() : read(name))),
  };
}

export async function loadFiles(files: Files, backend: Backend): Promise<[Tf, tfjs.GraphModel]> {
  const tf = await startTfjs(backend);
  const artifacts = await artifactsOf(tf, (name) => files.get(name)!);
  return [tf, await tf.loadGraphModel(tf.io.fromMemory(artifacts))];
}

const DTYPES = { float: "float32", int: "int32", bool: "bool" } as const;

export function toTensor(tf: Tf, { dtype, shape, data }: HostTensor): tfjs.Tensor {
  const array = dtype === "float" ? Float32Array.from(data) : Int32Array.from(data);
  return tf.tensor(dtype === "bool" ? Uint8Array.from(array) : array, [...shape], DTYPES[dtype]);
}

/** Runs a model by its input names. */
export function predict(
  tf: Tf,
  model: tfjs.GraphModel,
  inputs: Readonly<Record<string, HostTensor>>,
): Record<string, tfjs.Tensor> {
  const tensors = Object.entries(inputs).map(([name, t]) => [name, toTensor(tf, t)] as const);
  return model.predict(Object.fromEntries(tensors)) as unknown as Record<string, tfjs.Tensor>;
}
