/** A mistake in what a caller gave to a model: wrong names, lengths, values or files. */
export class InputError extends Error {
  override readonly name = "InputError";
}
