/** Bytes that are not what their format says; the message tells what is wrong with them. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}
