import type { Component } from "./kinds/component.js";
import { componentOption, numberOrComponent, optionalComponent } from "./kinds/parameters.js";
import { nonNegative, oneOf } from "./kinds/values.js";

/** Declarations that many entries share. */
export const padding = oneOf(["valid", "same"]);

export function component(name: string, options: Component["options"] = {}): Component {
  return { name, options };
}

/** The activation that leaves numbers as they are. */
export const noActivation = component("linear");

export const activationOption = componentOption("activation", "What is applied to the result.", noActivation);

export function initializerOption(fallback: string, doc: string) {
  return componentOption("initializer", doc, component(fallback));
}

export function regularizerOption(doc: string) {
  return optionalComponent("regularizer", doc);
}

/** A learning rate: a number, or a schedule. */
export function learningRate(fallback: number) {
  const rate = numberOrComponent("schedule", nonNegative, "The learning rate.", fallback);
  return { ...rate, elsewhere: ["learning_rate", "eta", "step_size"] };
}
