import { names } from "../../runtime/programs.js";
import type { HostTensor } from "../../runtime/tensor.js";
import type { Program, TensorType } from "../../tensor/program.js";
import {
  Graph,
  graphShape,
  typeAttribute,
  GRAPH_DTYPES,
  type GraphShape,
  type GraphWeight,
  type Ref,
} from "./graph.js";
import { pairs, typeOf } from "../../tensor/lookup.js";
import { lowerProgram } from "./lower.js";

/** A file by its name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

export interface GraphModelParts {
  /** The inference program. */
  readonly program: Program;
  /** The state that it reads, by name. */
  readonly state: (name: string) => HostTensor;
  /** The compiler's version, for the model's file. */
  readonly version: string;
}

interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly tensorShape: GraphShape;
}

const SHARD = 4 * 1024 * 1024;
const TF_DTYPES = { float: "float32", int: "int32", bool: "bool" } as const;
const [INPUT, OUTPUT] = [names.input(""), names.prediction("")];

/** `model.json` and its weight shards, as `tf.loadGraphModel` takes them. Throws NotInTarget. */
export function emitGraphModel({ program, state, version }: GraphModelParts): Files {
  const g = new Graph();
  const inputs: [string, TensorInfo][] = [];
  const given = program.inputs.map(({ name, kind, value }): Ref => {
    const type = typeOf(program, value);
    if (kind === "state") {
      const { shape, data } = state(name);
      return g.weight(name, type.dtype, shape, data);
    }
    const key = stripped(name, INPUT);
    const attr = { dtype: typeAttribute(type.dtype), shape: { shape: graphShape(type.shape) } };
    const ref = g.named(key, "Placeholder", [], attr);
    const axis = type.shape.findIndex((d) => typeof d !== "number" && d.coefficient === 1 && d.power === 1);
    if (axis >= 0) g.readBatch(ref, axis);
    inputs.push([key, tensorInfo(ref, type)]);
    return ref;
  });
  const found = lowerProgram(g, program, given);
  const outputs = pairs(program.outputs, found).map(([{ name, value }, made]): [string, TensorInfo] => {
    const key = stripped(name, OUTPUT);
    const type = typeOf(program, value);
    const ref = g.named(key, "Identity", [made], { T: typeAttribute(type.dtype) });
    return [key, tensorInfo(ref, type)];
  });
  const signature = { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
  const shards = shardsOf(g.weights);
  const model = {
    format: "graph-model",
    generatedBy: `nnspec ${version}`,
    convertedBy: `nnc ${version}`,
    signature,
    // With this `predict` returns tensors under the names of tasks.
    userDefinedMetadata: { structuredOutputKeys: outputs.map(([key]) => key) },
    modelTopology: { node: g.nodes, library: {}, versions: { producer: 1395, minConsumer: 12 } },
    weightsManifest: [{ paths: [...shards.keys()], weights: g.weights.map(manifestOf) }],
  };
  // The files are written in this order, so that all shards are there before `model.json`, which names them.
  return new Map<string, string | Uint8Array>([...shards, ["model.json", `${JSON.stringify(model)}\n`]]);
}

function stripped(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function tensorInfo(ref: Ref, { dtype, shape }: TensorType): TensorInfo {
  return { name: `${ref}:0`, dtype: GRAPH_DTYPES[dtype], tensorShape: graphShape(shape) };
}

function manifestOf({ name, dtype, shape }: GraphWeight) {
  return { name, shape, dtype: TF_DTYPES[dtype] };
}

/** All weights one after the other, cut into files of 4 MB. */
function shardsOf(weights: readonly GraphWeight[]): Map<string, Uint8Array> {
  const parts = weights.map(bytesOf);
  const bytes = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const count = Math.max(1, Math.ceil(bytes.length / SHARD));
  const shard = (i: number): [string, Uint8Array] => [
    `group1-shard${i + 1}of${count}.bin`,
    bytes.subarray(i * SHARD, (i + 1) * SHARD),
  ];
  return new Map(Array.from({ length: count }, (_, i) => shard(i)));
}

function bytesOf({ dtype, data }: GraphWeight): Uint8Array {
  if (dtype === "bool") return Uint8Array.from(data);
  const size = 4;
  const view = new DataView(new ArrayBuffer(data.length * size));
  for (let i = 0; i < data.length; i++) {
    if (dtype === "float") view.setFloat32(i * size, data[i]!, true);
    else view.setInt32(i * size, data[i]!, true);
  }
  return new Uint8Array(view.buffer);
}
