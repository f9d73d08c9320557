import { evaluateDimension, evaluateShape } from "../dimension.js";
import type { Attributes, Builder } from "../emitter.js";
import { allocate, numbersOf, tensor } from "../kernels/host.js";
import type { HostTensor } from "../../runtime/tensor.js";
import { elementCount } from "../../runtime/elements.js";
import * as ops from "../ops.js";
import type { Operation, Program, TensorType, Value } from "../program.js";
import { pairs, typeOf } from "../lookup.js";
import type { ApplicationOf } from "../signature.js";
import { showType, wantShape, type MaybeValue, type Primitive, type TypedPrimitive } from "./primitive.js";

/** A scan's attributes: how its inputs and outputs divide. */
export type ScanPlan = ApplicationOf<typeof ops.scanSignature>["attributes"];

function infer(inputs: readonly TensorType[], attributes: Attributes): TensorType[] {
  const { length, constants, carries, body } = ops.scanSignature.attributes(attributes);
  const before = constants + carries;
  if (body.inputs.length !== inputs.length) {
    throw new Error(`body ${body.name} takes ${body.inputs.length} inputs, not ${inputs.length}`);
  }
  if (before > inputs.length || carries > body.outputs.length)
    throw new Error(`body ${body.name} is too small`);
  const inBody = body.inputs.map((i) => typeOf(body, i.value));
  const results = body.outputs.map((o) => typeOf(body, o.value));
  pairs(inputs, inBody).forEach(([type, own], i) => {
    if (own.dtype !== type.dtype)
      throw new Error(`input ${i} is ${showType(type)}, in the body ${showType(own)}`);
    wantShape(type, i < before ? own.shape : [length, ...own.shape]);
  });
  pairs(inBody.slice(constants, before), results.slice(0, carries)).forEach(([from, to], i) => {
    if (from.dtype !== to.dtype) throw new Error(`carry ${i} goes from ${showType(from)} to ${showType(to)}`);
    wantShape(to, from.shape);
  });
  return results.map((t, i) => (i < carries ? t : { dtype: t.dtype, shape: [length, ...t.shape] }));
}

function sliceOf(x: HostTensor, i: number): HostTensor {
  const shape = x.shape.slice(1);
  const size = elementCount(shape);
  return { dtype: x.dtype, shape, data: numbersOf(x).subarray(i * size, (i + 1) * size) };
}

const evaluate: Primitive["evaluate"] = (inputs, attributes, context) => {
  const plan = ops.scanSignature.attributes(attributes);
  const count = evaluateDimension(plan.length, context.batch);
  const constants = inputs.slice(0, plan.constants);
  let carries = inputs.slice(plan.constants, plan.constants + plan.carries);
  const xs = inputs.slice(plan.constants + plan.carries);
  const types = plan.body.outputs.slice(plan.carries).map((o) => typeOf(plan.body, o.value));
  const ys = types.map(({ dtype, shape }) => {
    const one = evaluateShape(shape, context.batch);
    return tensor(dtype, [count, ...one], allocate(dtype, count * elementCount(one)));
  });
  for (let step = 0; step < count; step++) {
    const i = plan.reverse ? count - 1 - step : step;
    const out = context.run(plan.body, [...constants, ...carries, ...xs.map((x) => sliceOf(x, i))]);
    carries = out.slice(0, plan.carries);
    for (const [all, y] of pairs(ys, out.slice(plan.carries))) all.data.set(y.data, i * y.data.length);
  }
  return [...carries, ...ys];
};

interface Kept {
  /** The body that gives each step's incoming carries and costly values as its last outputs. */
  readonly body: Program;
  /** The values of the body that these last outputs hold. */
  readonly values: readonly Value[];
  /** The same values of all steps, stacked: outputs of the scan. */
  readonly stacks: readonly Value[];
}

/** The values of each step that the gradient needs; the scan gets outputs for them if it has none yet. */
function keep(b: Builder, op: Operation, plan: ScanPlan): Kept {
  const { body, carries, constants, length, recompute } = plan;
  const valuesOf = (outputs: Program["outputs"]) => outputs.map((o) => o.value);
  if (plan.saved >= 0) {
    const from = carries + plan.saved;
    return { body, values: valuesOf(body.outputs.slice(from)), stacks: op.outputs.slice(from) };
  }
  const incoming = body.inputs.slice(constants, constants + carries).map((i) => i.value);
  const costly = recompute
    ? []
    : body.operations.filter((inner) => b.isCostly(inner)).flatMap((inner) => inner.outputs);
  const values = [...incoming, ...costly];
  const further = values.map((value, i) => ({ name: `kept${i}`, kind: "result" as const, value }));
  const extended = { ...body, outputs: [...body.outputs, ...further] };
  const types = values.map((v) => {
    const { dtype, shape } = typeOf(body, v);
    return { dtype, shape: [length, ...shape] };
  });
  const saved = body.outputs.length - carries;
  return {
    body: extended,
    values,
    stacks: b.extend(op, { ...op.attributes, saved, body: extended }, types),
  };
}

/** Which inputs and outputs a scan's gradient looks at, by their places. */
interface Wanted {
  /** Carries that are floats. */
  readonly carries: readonly number[];
  /** Constants and xs whose gradients are asked for. */
  readonly constants: readonly number[];
  readonly xs: readonly number[];
  /** Outputs after the carries for which a gradient comes in. */
  readonly ys: readonly number[];
}

function wantedOf(
  b: Builder,
  op: Operation,
  { constants, carries }: ScanPlan,
  outputGradients: readonly MaybeValue[],
  needed: readonly boolean[],
): Wanted {
  const before = constants + carries;
  const inputs = op.inputs.map((_, i) => i);
  const isFloat = (i: number): boolean => b.typeOf(op.inputs[i]!).dtype === "float";
  return {
    carries: inputs.filter((i) => i >= constants && i < before && isFloat(i)),
    constants: inputs.filter((i) => i < constants && needed[i] === true),
    xs: inputs.filter((i) => i >= before && needed[i] === true),
    ys: op.outputs.map((_, i) => i).filter((i) => i >= carries && outputGradients[i] !== undefined),
  };
}

/** The body of the gradient's scan: gradients of a step's carries and xs, and running sums of those of the constants. */
function backwardStep(op: Operation, plan: ScanPlan, wanted: Wanted, kept: Kept): ops.ScanBody {
  const before = plan.constants + plan.carries;
  const [ofCarry, ofY] = [placesOf(wanted.carries), placesOf(wanted.ys)];
  return (body, constants, gradients, slices) => {
    const xs = slices.slice(0, op.inputs.length - before);
    const ysGradients = slices.slice(xs.length, xs.length + wanted.ys.length);
    const held = slices.slice(xs.length + wanted.ys.length);
    const inputs = [...constants, ...held.slice(0, plan.carries), ...xs];
    const all = body.inline(kept.body, inputs);
    const outputs = all.slice(0, op.outputs.length);
    const computed = all.slice(all.length - held.length);
    const seeds = outputs.map((_, i): MaybeValue => {
      const [at, of] =
        i < plan.carries ? [ofCarry.get(i + plan.constants), gradients] : [ofY.get(i), ysGradients];
      return at === undefined ? undefined : of[at];
    });
    const wrt = [...wanted.carries, ...wanted.constants, ...wanted.xs].map((i) => inputs[i]!);
    const into = body.pullback(outputs, seeds, wrt);
    const sums = wanted.constants.map((_, k) => {
      const at = wanted.carries.length + k;
      const g = into[at];
      return g === undefined ? gradients[at]! : ops.add(body, gradients[at]!, g);
    });
    const orZero = (k: number): Value => into[k] ?? ops.zeros(body, body.typeOf(wrt[k]!).shape);
    return {
      carries: [...wanted.carries.map((_, k) => orZero(k)), ...sums],
      ys: wanted.xs.map((_, k) => orZero(wanted.carries.length + wanted.constants.length + k)),
      known: new Map(pairs(computed, held).map(([v, there]) => [v.id, there])),
    };
  };
}

function placesOf(all: readonly number[]): ReadonlyMap<number, number> {
  return new Map(all.map((i, k) => [i, k]));
}

/**
 * A scan in the other direction whose step starts from the step's incoming carries, computes again what is cheap of the
 * body, takes the rest from what was kept, and pulls the gradients back. It carries the gradients of the carries and
 * the sums of those of the constants, and gives those of xs as ys. Being a scan itself, it differentiates again.
 */
const gradient: Primitive["gradient"] = (b, op, outputGradients, needed) => {
  const plan = ops.scanSignature.attributes(op.attributes);
  const { constants: first, length, reverse } = plan;
  const wanted = wantedOf(b, op, plan, outputGradients, needed);
  const kept = keep(b, op, plan);
  const zero = (v: Value): Value => ops.zeros(b, b.typeOf(v).shape);
  const given = {
    constants: op.inputs.slice(0, first),
    carries: [
      ...wanted.carries.map((i) => outputGradients[i - first] ?? zero(op.inputs[i]!)),
      ...wanted.constants.map((i) => zero(op.inputs[i]!)),
    ],
    xs: [
      ...op.inputs.slice(first + plan.carries),
      ...wanted.ys.map((i) => outputGradients[i]!),
      ...kept.stacks,
    ],
  };
  const step = backwardStep(op, plan, wanted, kept);
  const { carries, ys } = ops.scan(b, length, given, step, { reverse: !reverse });
  const gradients = new Map<number, MaybeValue>([
    ...[...wanted.carries, ...wanted.constants].map((i, k) => [i, carries[k]] as const),
    ...wanted.xs.map((i, k) => [i, ys[k]] as const),
  ]);
  return op.inputs.map((_, i) => gradients.get(i));
};

export const scan: TypedPrimitive<"any", ScanPlan> = {
  distinct: true,
  unfolded: true,
  name: ops.scanSignature.name,
  signature: ops.scanSignature,
  doc: "A loop: constants, carries and slices of xs go into the body, carries and slices of ys come out.",
  infer,
  evaluate,
  multiplyAdds({ attributes, batch, inBody }) {
    const { length, body } = ops.scanSignature.attributes(attributes);
    return evaluateDimension(length, batch) * inBody(body);
  },
  gradient,
};
