import { expect } from "vitest";
import { createSession, type EngineName } from "../../src/engines/index.js";
import type { Component } from "../../src/library/entry.js";
import { entry } from "../../src/library/index.js";
import { readOptions } from "../../src/library/options.js";
import { streamOf } from "../../src/phases/5-lower/names.js";
import { createBuilder } from "../../src/tensor/index.js";
import { ints } from "../tensor/numbers.js";

export type Options = Component["options"];

interface Draw {
  readonly shape?: readonly number[];
  readonly options?: Options;
  readonly seed?: number;
  readonly path?: string;
  readonly engine?: EngineName;
}

/** What an initializer draws. */
export async function initial(name: string, given: Draw = {}): Promise<Float64Array> {
  const {
    shape = [120, 80],
    options = {},
    seed = 3,
    path = "trunk.dense.kernel",
    engine = "reference",
  } = given;
  const found = entry("initializer", name);
  const b = createBuilder("init");
  const argument = b.argument("seed", { dtype: "int", shape: [] });
  const context = {
    b,
    options: readOptions(found, options),
    shape,
    weight: shape,
    seed: argument,
    stream: streamOf(path),
  };
  b.result("w", found.lower(context));
  const session = await createSession(engine, { init: b.build() });
  const result = (await session.run("init", { seed: ints([], [seed]) }, 1))["w"]!;
  expect(result.shape).toEqual(shape);
  return Float64Array.from(result.data);
}
