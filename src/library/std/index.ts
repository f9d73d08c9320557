import { texts } from "./texts.generated.js";

/** The text of `multitask` for `std/multitask`, or undefined. */
export function standardText(name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

export function standardModules(): readonly string[] {
  return Object.keys(texts).sort();
}
