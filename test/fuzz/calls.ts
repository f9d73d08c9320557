import type { Compilation, Model } from "../../src/index.js";
import {
  cells,
  damages,
  forms,
  junk,
  listOf,
  plainRows,
  recordsOf,
  SPEC,
  wrongCells,
  type Rows,
} from "./call-rows.js";
import type { Random } from "./random.js";

/** A call with what is to come of it: the same as with plain arguments, or an InputError. */
export interface Call {
  readonly what: string;
  readonly wanted: "same" | "refused";
  readonly name: CallName;
  readonly args: readonly unknown[];
}

export const callNames = ["fit", "partialFit", "evaluate", "predict", "predictOne"] as const;
export type CallName =
  | (typeof callNames)[number]
  | "setWeight"
  | "weight"
  | "load"
  | "loadWeights"
  | "save"
  | "create"
  | "compile";

/** Options with values that they do not take. */
const options: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  fit: {
    epochs: [-1, 0.5, "1", null, Number.NaN, 2 ** 60, [], true],
    batch: [0, -1, 0.5, "half", null, Number.NaN, {}, true],
    rows: [0, -1, "6", null],
    signal: [1, {}, "abort", null],
    onStep: [1, {}, "f", null],
    onEpochEnd: [1, [], null],
    resume: [1, "yes", null],
    refit: [0, "no", null],
    validation: [1, "rows", null, {}, { inputs: {} }],
    epoch: [1],
    callbacks: [[]],
    constructor: [1],
  },
  partialFit: { lr: [-1, Number.NaN, "0.1", null, 1e39, {}], learning_rate: [0.1], epochs: [1] },
  create: {
    engine: ["nope", 1, null, {}, []],
    backend: [1, null, {}],
    threads: [0, -1, 0.5, "2", null, Number.NaN],
    seed: [-1, 0.5, "7", null, 2 ** 31, Number.NaN],
    train: ["other", 1, null],
    engin: ["wasm"],
  },
  compile: { path: [1, null, {}], read: [1, "f", null], file: ["a.nnspec"] },
};

function withOption(name: "fit" | "partialFit" | "create" | "compile", random: Random): Call {
  const first = { fit: [plainRows()], partialFit: [plainRows()], create: [], compile: [SPEC] }[name];
  const whole = random.chance(0.25);
  if (whole) {
    const wrong = random.pick([null, 5, "options", [1], () => 1]);
    return {
      what: `${name}: options are ${String(wrong)}`,
      wanted: "refused",
      name,
      args: [...first, wrong],
    };
  }
  const [option, values] = random.pick(Object.entries(options[name]!));
  const value = random.pick(values);
  return { what: `${name}: ${option}`, wanted: "refused", name, args: [...first, { [option]: value }] };
}

function withOther(random: Random): Call {
  const wrong = (name: CallName, ...args: unknown[]): Call => ({ what: name, wanted: "refused", name, args });
  const path = "size.dense.kernel";
  return random.pick<() => Call>([
    () => wrong("setWeight", path, random.pick<unknown>([...junk, [1], [], "1234", Array(4).fill("1")])),
    () =>
      wrong("setWeight", path, [1, 2, random.pick<unknown>(junk.filter((v) => v !== -1 && v !== 0.5)), 4]),
    () => wrong("setWeight", random.pick<unknown>(["__proto__", "constructor", "", ...junk]), [1, 2, 3, 4]),
    () => wrong("weight", random.pick<unknown>(["__proto__", "constructor", "", "size", ...junk])),
    () =>
      wrong(
        random.pick(["load", "loadWeights"]),
        random.pick<unknown>([...junk, [], new Uint8Array(0), new Uint8Array(99)]),
      ),
    () =>
      wrong(
        "save",
        random.pick<unknown>([
          ...junk.filter((v) => !(v instanceof Date || v instanceof Map || v instanceof Promise)),
          { a: 1 },
          ["a"],
        ]),
      ),
    () => wrong("compile", random.pick<unknown>(junk.filter((v) => typeof v !== "string"))),
  ])();
}

/** Call number `seed`. */
export function randomCall(random: Random): Call {
  const kind = random.int(0, 9);
  if (kind === 0) return withOther(random);
  if (kind <= 2) return withOption(random.pick(["fit", "partialFit", "create", "compile"] as const), random);
  return withRows(random.pick(callNames), kind <= 7, random);
}

function withRows(name: (typeof callNames)[number], damaged: boolean, random: Random): Call {
  const rows = plainRows();
  if (!damaged) {
    const i = random.int(0, forms.length - 1);
    return { what: `form ${i}`, wanted: "same", name, args: [argumentOf(name, forms[i]!(rows))] };
  }
  if (random.chance(0.125)) {
    const wrong = random.pick(junk.filter((each) => name !== "fit" || typeof each !== "function"));
    return { what: `rows are ${String(wrong)}`, wanted: "refused", name, args: [wrong] };
  }
  return { wanted: "refused", name, ...damagedRows(name, rows, random) };
}

/** Rows whose damage the call has to see: predictions do without labels, and one row without the others. */
function damagedRows(name: (typeof callNames)[number], rows: Rows, random: Random) {
  if (name === "predictOne") {
    const [row] = recordsOf(rows, random.chance(0.5));
    const key = random.pick(Object.keys(row!).filter((each) => ["x", "left", "kind", "on"].includes(each)));
    row![key] = random.pick([...wrongCells(key === "left" ? "x" : key), [], [1, 2, 3]]);
    return { what: `${key}: ${typeof row![key]}`, args: [row] };
  }
  if (name === "predict") {
    const cell = random.pick([cells[0], cells[1], cells[2]]);
    const list = listOf(rows, cell);
    const wrong = random.pick(wrongCells(cell[1]));
    list[1] = Array.isArray(list[1]) ? [wrong, 1] : wrong;
    return { what: `${cell.join(".")}: ${String(wrong)}`, args: [rows.inputs] };
  }
  return { what: random.pick(damages)(rows, random), args: [rows] };
}

/** Rows as a call takes them. */
function argumentOf(name: (typeof callNames)[number], given: unknown): unknown {
  const { inputs } = given as Rows;
  if (name === "predict") return Array.isArray(given) ? given : inputs;
  if (name !== "predictOne") return given;
  if (Array.isArray(given)) return given[0];
  return recordsOf(plainRows(), false)[0];
}

/** Makes a call on a model, or on its compilation. */
export async function make(
  { name, args }: Call,
  model: Model,
  spec: Compilation,
  compile: (...args: never[]) => unknown,
): Promise<unknown> {
  if (name === "compile") return compile(...(args as never[]));
  if (name === "create") return spec.create(...(args as []));
  return Reflect.apply(model[name] as (...given: readonly unknown[]) => unknown, model, args);
}
