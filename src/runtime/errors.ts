/** A mistake in what a caller gave to a model: wrong names, lengths, values or files. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** The argument or option that is wrong, and what it takes, where it is one that the API reference lists. */
  readonly argument: string | undefined;
  readonly takes: string | undefined;

  constructor(message: string, about: { readonly argument?: string; readonly takes?: string } = {}) {
    super(message);
    this.argument = about.argument;
    this.takes = about.takes;
  }
}
