import type { Numbers, PreparedCall, Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import { elementCount } from "./elements.js";

export interface ArgumentType {
  readonly name: string;
  readonly dtype: HostTensor["dtype"];
  readonly shape: readonly number[];
}

/** A prepared call for engines that take and give tensors. */
export class CopyingCall implements PreparedCall {
  readonly arguments: Readonly<Record<string, Numbers>>;
  results: Readonly<Record<string, Numbers>> = {};
  private readonly tensors: Readonly<Record<string, HostTensor>>;

  constructor(
    private readonly session: Session,
    private readonly program: string,
    private readonly batch: number,
    types: readonly ArgumentType[],
  ) {
    const Floats = session.precision === "float64" ? Float64Array : Float32Array;
    const tensors = types.map(({ name, dtype, shape }): [string, HostTensor] => {
      const size = elementCount(shape);
      return [name, { dtype, shape, data: dtype === "float" ? new Floats(size) : new Int32Array(size) }];
    });
    this.tensors = Object.fromEntries(tensors);
    this.arguments = Object.fromEntries(tensors.map(([name, { data }]) => [name, data]));
  }

  async run(): Promise<void> {
    const results = await this.session.run(this.program, this.tensors, this.batch);
    this.results = Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data]));
  }
}
