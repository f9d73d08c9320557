import { expect } from "vitest";
import { inputValueType } from "../../src/model/value-types.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import type { ModelDocument, TypeDocument } from "../../src/document/types.js";
import { compile } from "../../src/index.js";
import { lowerForward } from "../../src/phases/5-lower/forward.js";
import { taskTerms } from "../../src/phases/5-lower/task-losses.js";
import { names } from "../../src/phases/5-lower/names.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { B, createBuilder, ops, type Builder, type Program, type Value } from "../../src/tensor/index.js";
import { draw } from "../tensor/numbers.js";
import type { Trace } from "./traces.js";

/** Rows of a trace that are looked at. */
export const ROWS = 3;

/** A trace's model as one program of its weights and inputs, with first and second derivatives. */
export interface Derivatives {
  readonly program: Program;
  readonly args: Readonly<Record<string, HostTensor>>;
  readonly states: Readonly<Record<string, HostTensor>>;
  /** The arguments that derivatives are taken to, in the order of the results g0, g1, … and h0, h1, …. */
  readonly wrt: readonly string[];
  readonly document: ModelDocument;
}

/**
 * Results: `loss`; `g0`, … its gradients; `slope`, a fixed weighted sum of those; `h0`, … the gradients of that;
 * `node ID` for every node's value.
 */
export function derivativesOf(trace: Trace): Derivatives {
  const { document } = compile(trace.spec);
  if (!document) throw new Error(`${trace.name} does not compile`);
  const b = createBuilder("derivatives");
  const args: Record<string, HostTensor> = {};
  const states: Record<string, HostTensor> = {};
  const model = new ModelAnalysis(document);
  const { weights, state } = model;
  const weightValues = new Map(
    weights.map(({ path, shape }) => {
      args[path] = { dtype: "float", shape, data: Float64Array.from(trace.weights[path]!.data) };
      return [path, b.argument(path, { dtype: "float", shape })];
    }),
  );
  const stateValues = new Map(
    state.map(({ path, shape, initial }) => {
      const size = shape.reduce((n, d) => n * d, 1);
      args[path] = { dtype: "float", shape, data: new Float64Array(size).fill(initial) };
      return [path, b.argument(path, { dtype: "float", shape })];
    }),
  );
  const random = { seed: ops.scalar(b, 5, "int"), step: ops.scalar(b, 0, "int") };
  const forward = lowerForward(b, model, { weights: weightValues, state: stateValues, random, batch: B });
  const terms = taskTerms(b, model, forward, B);
  const loss = terms.map((t) => t.sum).reduce((sum, term) => ops.add(b, sum, term));
  const inputs = document.inputs.filter((i) => inputValueType(i.type).dtype === "float").map((i) => i.name);
  const wrt = [...weightValues.values(), ...inputs.map((name) => forward.values.get(name)!)];
  const first = b.gradients(loss, wrt);
  const slope = first.reduce((sum, g, i) => ops.add(b, sum, weighted(b, g, 60 + i)), ops.scalar(b, 0));
  const second = b.gradients(slope, wrt);
  b.result("loss", loss);
  b.result("slope", slope);
  first.forEach((g, i) => b.result(`g${i}`, g));
  second.forEach((g, i) => b.result(`h${i}`, g));
  for (const node of document.nodes) b.result(`node ${node.id}`, forward.values.get(node.id)!);
  for (const { name, type } of document.inputs) {
    args[names.input(name)] = rowsOf(type, inputValueType(type).dims, trace.inputs[name]!, trace);
  }
  for (const { name, label } of document.tasks) {
    args[names.label(name)] = rowsOf(label, label.dims, trace.labels[name]! as readonly number[], trace);
  }
  if (trace.rowWeight) {
    args[names.rowWeight] = {
      dtype: "float",
      shape: [ROWS],
      data: Float64Array.from(trace.rowWeight.slice(0, ROWS)),
    };
  }
  for (const { name, class_weights: given } of document.tasks) {
    const data = given === "balanced" ? [0.8, 1.4, 1.1] : given;
    if (data)
      states[names.classWeights(name)] = {
        dtype: "float",
        shape: [data.length],
        data: Float64Array.from(data),
      };
  }
  const all = [...weights.map((w) => w.path), ...inputs.map((name) => names.input(name))];
  return { program: b.build(), args, states, wrt: all, document };
}

function rowsOf(
  type: TypeDocument,
  dims: readonly number[],
  values: readonly number[],
  trace: Trace,
): HostTensor {
  const size = dims.reduce((n, d) => n * d, 1) * ROWS;
  const dtype = type.base === "category" ? "int" : "float";
  expect(values.length, trace.name).toBeGreaterThanOrEqual(size);
  const data = values.slice(0, size);
  return {
    dtype,
    shape: [ROWS, ...dims],
    data: dtype === "int" ? Int32Array.from(data) : Float64Array.from(data),
  };
}

/** Σ x · fixed weights, which repeat from row to row. */
function weighted(b: Builder, x: Value, stream: number): Value {
  const shape = b.typeOf(x).shape.map((d) => (typeof d === "number" ? d : 1));
  const weights = draw(stream, shape, 0.5, 1.5);
  return ops.sumAll(b, ops.mul(b, x, ops.constant(b, [...weights.data], shape)));
}
