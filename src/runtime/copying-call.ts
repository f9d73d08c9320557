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
  readonly arguments: Record<string, Numbers> = {};
  results: Record<string, Numbers> = {};
  private readonly tensors: Record<string, HostTensor> = {};

  constructor(
    private readonly session: Session,
    private readonly program: string,
    private readonly batch: number,
    types: readonly ArgumentType[],
  ) {
    const Floats = session.precision === "float64" ? Float64Array : Float32Array;
    for (const { name, dtype, shape } of types) {
      const size = elementCount(shape);
      const data = dtype === "float" ? new Floats(size) : new Int32Array(size);
      this.arguments[name] = data;
      this.tensors[name] = { dtype, shape, data };
    }
  }

  async run(): Promise<void> {
    const results = await this.session.run(this.program, this.tensors, this.batch);
    this.results = Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data]));
  }
}
