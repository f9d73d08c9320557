import { InputError } from "./errors.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";

export function isAlike(a: HostTensor, b: HostTensor): boolean {
  return a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

/** Refuses tensors of a checkpoint that are of another type or shape than the session's, before any of them is written. */
export function refuseMisfits(session: Session, tensors: Iterable<readonly [string, HostTensor]>): void {
  for (const [name, tensor] of tensors) {
    const own = session.read(name);
    if (isAlike(tensor, own)) continue;
    throw new InputError(`the checkpoint's ${name} is ${textOf(tensor)}, and the model's is ${textOf(own)}.`);
  }
}

function textOf({ dtype, shape }: HostTensor): string {
  return `${dtype}[${shape.join(", ")}]`;
}
