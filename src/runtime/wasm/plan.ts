/** A whole number that depends on the batch: a number, or the coefficients of 1, B, B², … */
export type Extent = number | readonly number[];

/** The number that an extent is at a batch. */
export function extentAt(extent: Extent, batch: number): number {
  if (typeof extent === "number") return extent;
  let value = 0;
  for (let k = extent.length - 1; k >= 0; k--) value = value * batch + extent[k]!;
  return value;
}

/** Where a buffer's memory comes from, and how long it is needed. */
export type BufferRole =
  /** Kept between calls, under its name. */
  | "state"
  /** Written by the caller before a call. */
  | "argument"
  /** Read by the caller after a call. */
  | "result"
  /** Its numbers are in the plan. */
  | "constant"
  /** Instructions of a chain. */
  | "code"
  | "temporary";

export interface Buffer {
  /** The name of a state, argument or result; for other buffers where they came from. */
  readonly name: string;
  readonly role: BufferRole;
  readonly dtype: "float" | "int" | "bool";
  /** Elements of four bytes. */
  readonly size: Extent;
  readonly shape: readonly Extent[];
  /** The first and last call (in order, a loop's body once) that touches it. */
  readonly first: number;
  readonly last: number;
  /** The numbers of a constant. */
  readonly data?: readonly number[];
  /** The words of a chain. */
  readonly words?: readonly Word[];
  /** Scratch of a kernel that says itself how many bytes it needs; `size` is then 0. */
  readonly sizer?: Sizer;
}

export interface Sizer {
  readonly kernel: "matmul_scratch" | "convolution_scratch";
  readonly args: readonly Extent[];
}

/** A place in a buffer; in loops it moves on with their counters. Offsets and strides are elements. */
export interface Place {
  readonly buffer: number;
  readonly offset: Extent;
  readonly steps: readonly Step[];
  /** The name of the value there, if it is not the one that the buffer is named after. */
  readonly label?: string;
}

export interface Step {
  /** The loop's number in the plan. */
  readonly loop: number;
  readonly stride: Extent;
}

/** An argument of a kernel, or a word of a chain's code: a whole number, a float's bits, or an address. */
export type Word =
  | { readonly extent: Extent }
  /** The bits of a float32; `bits` of an int. */
  | { readonly float: number }
  /** The batch, or what depends on it, as a float. */
  | { readonly floatOf: Extent }
  | { readonly place: Place };

/** A call without what is only for readers. */
export interface BareCall {
  readonly kernel: string;
  readonly args: readonly Word[];
}

export interface KernelCall extends BareCall {
  /** A text of what it computes, and the node of the model document that it is for. */
  readonly note: string;
  readonly origin: string | undefined;
  /** Multiply-adds count as two; bytes are those of operands and results once each. */
  readonly flops: Extent;
  readonly bytes: Extent;
}

/** A loop without what is only for readers. */
export interface BareLoop {
  /** Its number in the plan. */
  readonly loop: number;
  readonly length: Extent;
  readonly reverse: boolean;
  readonly body: readonly (BareCall | BareLoop)[];
}

export interface Loop extends BareLoop {
  readonly body: readonly Call[];
  readonly origin: string | undefined;
}

export type Call = KernelCall | Loop;

export function isLoop<L extends BareLoop>(call: BareCall | L): call is L {
  return "loop" in call;
}

/** A plan without what is only for readers. */
export interface BarePlan {
  readonly name: string;
  readonly buffers: readonly Buffer[];
  readonly calls: readonly (BareCall | BareLoop)[];
  /** How many loops there are. */
  readonly loops: number;
}

/** A program as calls of kernels over buffers. */
export interface Plan extends BarePlan {
  readonly calls: readonly Call[];
}

/** Removes from a plan what is only for readers. */
export function barePlan({ name, buffers, calls, loops }: Plan): BarePlan {
  return { name, buffers, calls: calls.map(bareCall), loops };
}

function bareCall(call: Call): BareCall | BareLoop {
  if (!isLoop(call)) return { kernel: call.kernel, args: call.args };
  const { loop, length, reverse, body } = call;
  return { loop, length, reverse, body: body.map(bareCall) };
}
