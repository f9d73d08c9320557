/** A value that a transform cannot take. The caller knows the column's name and the file, and adds them. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly transform: string;
  /** The index of the column among those given to the transform. */
  readonly column: number;
  /** The index of the row, or undefined where it is the whole column. */
  readonly row: number | undefined;
  readonly value: number | undefined;

  constructor(
    message: string,
    place: { transform: string; column: number; row?: number | undefined; value?: number | undefined },
  ) {
    super(message);
    this.transform = place.transform;
    this.column = place.column;
    this.row = place.row;
    this.value = place.value;
  }
}
