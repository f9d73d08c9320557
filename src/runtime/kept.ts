import { names } from "./programs.js";

/** Whether a state is a part of the model: weights that were adapted to a task are none. */
export function isKept(name: string): boolean {
  return !name.startsWith(names.adapted(""));
}
