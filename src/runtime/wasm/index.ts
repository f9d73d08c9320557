import { groups } from "./kernels.generated.js";
import { startWasmOn, type WasmOptions } from "./start.js";
import type { WasmProgram } from "./program.js";
import type { Session } from "../session.js";

export type { WasmOptions };
export {
  argument,
  constant,
  defineProgram,
  float,
  result,
  room,
  scratch,
  state,
  temporary,
  type WasmProgram,
} from "./program.js";

/** Starts all kernels and places programs in their memory. */
export function startWasm(
  programs: Readonly<Record<string, WasmProgram>>,
  options: WasmOptions = {},
): Promise<Session> {
  return startWasmOn(groups, programs, options);
}
