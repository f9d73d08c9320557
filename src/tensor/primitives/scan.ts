import { booleanAt, dimensionAt, integerAt, numberAt, programAt } from "../attributes.js";
import { evaluateDimension, type Dimension } from "../dimension.js";
import type { Attributes, Builder } from "../emitter.js";
import { allocate, numbersOf, tensor } from "../kernels/host.js";
import { elementCount, type HostTensor } from "../../runtime/tensor.js";
import * as ops from "../ops.js";
import type { Operation, Program, TensorType, Value } from "../program.js";
import { showType, wantShape, type MaybeValue, type Primitive } from "./primitive.js";

/** A scan's attributes: how its inputs and outputs divide. */
export interface ScanPlan {
  readonly length: Dimension;
  readonly constants: number;
  readonly carries: number;
  readonly reverse: boolean;
  /** Whether the gradient keeps nothing of a step but its incoming carries. */
  readonly recompute: boolean;
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
    recompute: attributes["recompute"] === true,
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
  const size = elementCount(shape);
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
    return tensor(dtype, [count, ...one], allocate(dtype, count * elementCount(one)));
  });
  for (let step = 0; step < count; step++) {
    const i = plan.reverse ? count - 1 - step : step;
    const out = context.run(plan.body, [...constants, ...carries, ...xs.map((x) => sliceOf(x, i))]);
    carries = out.slice(0, plan.carries);
    out.slice(plan.carries).forEach((y, k) => ys[k]!.data.set(y.data, i * y.data.length));
  }
  return [...carries, ...ys];
};

interface Kept {
  /** The body that gives each step's incoming carries and costly values as its last outputs. */
  readonly body: Program;
  /** The values of the body that those hold. */
  readonly values: readonly Value[];
  /** They, stacked: outputs of the scan. */
  readonly stacks: readonly Value[];
}

/** What the gradient needs of each step: the scan itself is made to give it if it does not yet. */
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
    const { dtype, shape } = body.types[v.id]!;
    return { dtype, shape: [length, ...shape] };
  });
  const saved = body.outputs.length - carries;
  return {
    body: extended,
    values,
    stacks: b.extend(op, { ...op.attributes, saved, body: extended }, types),
  };
}

/**
 * A scan in the other direction whose step starts from the step's incoming carries, computes again what is cheap of the
 * body, takes the rest from what was kept, and pulls the gradients back. It carries the gradients of the carries and
 * the sums of those of the constants, and gives those of xs as ys. Being a scan itself, it differentiates again.
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

  const places = (wanted: readonly number[]) => new Map(wanted.map((i, k) => [i, k]));
  const [ofCarry, ofConstant, ofX, ofY] = [floatCarries, wantedConstants, wantedXs, givenYs].map(places);
  const kept = keep(b, op, plan);
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
      xs: [...op.inputs.slice(before), ...givenYs.map((i) => outputGradients[i]!), ...kept.stacks],
    },
    (body, inner, gradients, slices) => {
      const xs = slices.slice(0, op.inputs.length - before);
      const ysGradients = slices.slice(xs.length, xs.length + givenYs.length);
      const held = slices.slice(xs.length + givenYs.length);
      const inputs = [...inner, ...held.slice(0, plan.carries), ...xs];
      const all = body.inline(kept.body, inputs);
      const outputs = all.slice(0, op.outputs.length);
      const computed = all.slice(all.length - held.length);
      const seeds = outputs.map((_, i): MaybeValue => {
        const [at, of] = i < plan.carries ? [ofCarry!.get(i + first), gradients] : [ofY!.get(i), ysGradients];
        return at === undefined ? undefined : of[at];
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
        known: new Map(computed.map((v, i) => [v.id, held[i]!])),
      };
    },
    { reverse: !plan.reverse },
  );
  return indices.map((i) => {
    const [carry, constant, x] = [ofCarry!.get(i), ofConstant!.get(i), ofX!.get(i)];
    if (carry !== undefined) return result.carries[carry];
    if (constant !== undefined) return result.carries[floatCarries.length + constant];
    return x === undefined ? undefined : result.ys[x];
  });
}

export const scan: Primitive = {
  distinct: true,
  unfolded: true,
  name: "scan",
  doc: "A loop: constants, carries and slices of xs go into the body, carries and slices of ys come out.",
  infer,
  evaluate,
  multiplyAdds({ attributes, batch, inBody }) {
    const { length, body } = scanPlanOf(attributes);
    return evaluateDimension(length, batch) * inBody(body);
  },
  gradient,
};
