import { booleanAt, dimensionAt, integerAt, numberAt, programAt } from "../attributes.js";
import { evaluateDimension, type Dimension } from "../dimension.js";
import type { Attributes, Builder } from "../emitter.js";
import { allocate, countOf, numbersOf, tensor } from "../kernels/host.js";
import type { HostTensor } from "../../runtime/tensor.js";
import * as ops from "../ops.js";
import type { Operation, Program, TensorType, Value } from "../program.js";
import { showType, wantShape, type MaybeValue, type Primitive } from "./primitive.js";

/** A scan's attributes: how its inputs and outputs divide. */
export interface ScanPlan {
  readonly length: Dimension;
  readonly constants: number;
  readonly carries: number;
  readonly reverse: boolean;
  /** The first of the ys that hold each step's incoming carries, or -1. */
  readonly saved: number;
  readonly body: Program;
}

export function scanPlanOf(attributes: Attributes): ScanPlan {
  return {
    length: dimensionAt(attributes, "length"),
    constants: integerAt(attributes, "constants"),
    carries: integerAt(attributes, "carries"),
    reverse: booleanAt(attributes, "reverse"),
    saved: numberAt(attributes, "saved"),
    body: programAt(attributes, "body"),
  };
}

function infer(inputs: readonly TensorType[], attributes: Attributes): TensorType[] {
  const { length, constants, carries, body } = scanPlanOf(attributes);
  const before = constants + carries;
  if (body.inputs.length !== inputs.length) {
    throw new Error(`body ${body.name} takes ${body.inputs.length} inputs, not ${inputs.length}`);
  }
  if (before > inputs.length || carries > body.outputs.length)
    throw new Error(`body ${body.name} is too small`);
  const inBody = body.inputs.map((i) => body.types[i.value.id]!);
  const results = body.outputs.map((o) => body.types[o.value.id]!);
  inputs.forEach((type, i) => {
    const own = inBody[i]!;
    if (own.dtype !== type.dtype)
      throw new Error(`input ${i} is ${showType(type)}, in the body ${showType(own)}`);
    wantShape(type, i < before ? own.shape : [length, ...own.shape]);
  });
  for (let i = 0; i < carries; i++) {
    const [from, to] = [inBody[constants + i]!, results[i]!];
    if (from.dtype !== to.dtype) throw new Error(`carry ${i} goes from ${showType(from)} to ${showType(to)}`);
    wantShape(to, from.shape);
  }
  return results.map((t, i) => (i < carries ? t : { dtype: t.dtype, shape: [length, ...t.shape] }));
}

function sliceOf(x: HostTensor, i: number): HostTensor {
  const shape = x.shape.slice(1);
  const size = countOf(shape);
  return { dtype: x.dtype, shape, data: numbersOf(x).subarray(i * size, (i + 1) * size) };
}

const evaluate: Primitive["evaluate"] = (inputs, attributes, context) => {
  const plan = scanPlanOf(attributes);
  const count = evaluateDimension(plan.length, context.batch);
  const constants = inputs.slice(0, plan.constants);
  let carries = inputs.slice(plan.constants, plan.constants + plan.carries);
  const xs = inputs.slice(plan.constants + plan.carries);
  const types = plan.body.outputs.slice(plan.carries).map((o) => plan.body.types[o.value.id]!);
  const ys = types.map(({ dtype, shape }) => {
    const one = shape.map((d) => evaluateDimension(d, context.batch));
    return tensor(dtype, [count, ...one], allocate(dtype, count * countOf(one)));
  });
  for (let step = 0; step < count; step++) {
    const i = plan.reverse ? count - 1 - step : step;
    const out = context.run(plan.body, [...constants, ...carries, ...xs.map((x) => sliceOf(x, i))]);
    carries = out.slice(0, plan.carries);
    out.slice(plan.carries).forEach((y, k) => ys[k]!.data.set(y.data, i * y.data.length));
  }
  return [...carries, ...ys];
};

/** Each step's incoming carries, stacked: from the scan itself, which is made to give them if it does not yet. */
function incomingCarries(b: Builder, op: Operation, plan: ScanPlan): readonly Value[] {
  const from = plan.carries + plan.saved;
  if (plan.saved >= 0) return op.outputs.slice(from, from + plan.carries);
  const body = b.child(plan.body.name);
  const inputs = plan.body.inputs.map((i) => body.argument(i.name, plan.body.types[i.value.id]!));
  const outputs = body.inline(plan.body, inputs);
  outputs.forEach((v, i) => body.result(plan.body.outputs[i]!.name, v));
  const carries = inputs.slice(plan.constants, plan.constants + plan.carries);
  carries.forEach((v, i) => body.result(`incoming${i}`, v));
  const types = carries.map((v) => {
    const { dtype, shape } = body.typeOf(v);
    return { dtype, shape: [plan.length, ...shape] };
  });
  const saved = outputs.length - plan.carries;
  return b.extend(op, { ...op.attributes, saved, body: body.build() }, types);
}

/**
 * A scan in the other direction whose step recomputes the body from the step's incoming carries and pulls the
 * gradients back through it. It carries the gradients of the carries and the sums of those of the constants, and
 * gives those of xs as ys. Being a scan itself, it differentiates again.
 */
function gradient(
  b: Builder,
  op: Operation,
  outputGradients: readonly MaybeValue[],
  needed: readonly boolean[],
): MaybeValue[] {
  const plan = scanPlanOf(op.attributes);
  const first = plan.constants;
  const before = plan.constants + plan.carries;
  const isFloat = (v: Value): boolean => b.typeOf(v).dtype === "float";
  const constants = op.inputs.slice(0, first);
  const indices = op.inputs.map((_, i) => i);
  const wantedConstants = indices.filter((i) => i < first && needed[i] === true);
  const floatCarries = indices.filter((i) => i >= first && i < before && isFloat(op.inputs[i]!));
  const wantedXs = indices.filter((i) => i >= before && needed[i] === true);
  const givenYs = op.outputs
    .map((_, i) => i)
    .filter((i) => i >= plan.carries && outputGradients[i] !== undefined);

  const incoming = incomingCarries(b, op, plan);
  const zero = (v: Value): Value => ops.zeros(b, b.typeOf(v).shape);
  const result = ops.scan(
    b,
    plan.length,
    {
      constants,
      carries: [
        ...floatCarries.map((i) => outputGradients[i - first] ?? zero(op.inputs[i]!)),
        ...wantedConstants.map((i) => zero(op.inputs[i]!)),
      ],
      xs: [...incoming, ...op.inputs.slice(before), ...givenYs.map((i) => outputGradients[i]!)],
    },
    (body, inner, gradients, slices) => {
      const inputs = [...inner, ...slices.slice(0, op.inputs.length - first)];
      const outputs = body.inline(plan.body, inputs);
      const seeds = outputs.map((_, i): MaybeValue => {
        const at = i < plan.carries ? floatCarries.indexOf(i + first) : givenYs.indexOf(i);
        if (at < 0) return undefined;
        return i < plan.carries ? gradients[at] : slices[op.inputs.length - first + at];
      });
      const wrt = [...floatCarries, ...wantedConstants, ...wantedXs].map((i) => inputs[i]!);
      const into = body.pullback(outputs, seeds, wrt);
      const sums = wantedConstants.map((_, k) => {
        const at = floatCarries.length + k;
        const g = into[at];
        return g === undefined ? gradients[at]! : ops.add(body, gradients[at]!, g);
      });
      const orZero = (k: number): Value => into[k] ?? ops.zeros(body, body.typeOf(wrt[k]!).shape);
      return {
        carries: [...floatCarries.map((_, k) => orZero(k)), ...sums],
        ys: wantedXs.map((_, k) => orZero(floatCarries.length + wantedConstants.length + k)),
      };
    },
    { reverse: !plan.reverse },
  );
  return indices.map((i) => {
    const carry = floatCarries.indexOf(i);
    if (carry >= 0) return result.carries[carry];
    const constant = wantedConstants.indexOf(i);
    if (constant >= 0) return result.carries[floatCarries.length + constant];
    return result.ys[wantedXs.indexOf(i)];
  });
}

export const scan: Primitive = {
  name: "scan",
  doc: "A loop: constants, carries and slices of xs go into the body, carries and slices of ys come out.",
  infer,
  evaluate,
  gradient,
};
