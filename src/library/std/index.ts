import { texts } from "./texts.generated.js";

/** One module of the standard library: its text, and the names that are still to come. */
export interface StandardModule {
  readonly text: string;
  readonly planned: readonly string[];
}

const planned: Readonly<Record<string, readonly string[]>> = {
  multitask: ["cross_stitch", "sluice", "cgc", "ple", "mtan", "dselect_k", "adapter"],
};

/** `multitask` for `std/multitask`, or undefined. */
export function standardModule(name: string): StandardModule | undefined {
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  return text === undefined ? undefined : { text, planned: planned[name] ?? [] };
}

export function standardModules(): readonly string[] {
  return Object.keys(texts).sort();
}
