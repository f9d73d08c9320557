import { describe, expect, test } from "vitest";
import { compile, InputError, type Compilation, type FitData, type Model } from "../../src/index.js";
import { plainRows, SPEC } from "./call-rows.js";
import { callNames, make, randomCall, type Call, type CallName } from "./calls.js";
import { randomOf } from "./random.js";

/** `npm run fuzz -- calls --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 2000);

/** Numbers of calls that went wrong once. */
const corpus = [4719, 6837];

interface Subject {
  readonly spec: Compilation;
  readonly model: Model;
  /** The state that every call begins with. */
  readonly before: Uint8Array;
  /** What each call gives, and leaves, with plain rows. */
  readonly plain: ReadonlyMap<CallName, Outcome>;
}

interface Outcome {
  readonly result: unknown;
  readonly after: Uint8Array;
}

async function subject(
  started = (spec: Compilation) => spec.create({ engine: "wasm", seed: 5 }),
): Promise<Subject> {
  const spec = compile(SPEC);
  const model = await started(spec);
  const rows = plainRows();
  await model.fit({ inputs: rows.inputs, labels: rows.labels }, { epochs: 1 });
  const before = await model.save();
  const plain = new Map<CallName, Outcome>();
  for (const name of callNames) {
    const args =
      name === "predict"
        ? [rows.inputs]
        : name === "predictOne"
          ? [
              {
                x: (rows.inputs["x"] as unknown[])[0],
                kind: (rows.inputs["kind"] as unknown[])[0],
                on: (rows.inputs["on"] as unknown[])[0],
              },
            ]
          : [rows];
    plain.set(name, await outcome({ spec, model, before }, { what: "plain", wanted: "same", name, args }));
  }
  return { spec, model, before, plain };
}

async function outcome(
  { spec, model, before }: Pick<Subject, "spec" | "model" | "before">,
  call: Call,
): Promise<Outcome> {
  await model.load(before);
  const result = await make(call, model, spec, compile);
  return { result, after: await model.save() };
}

/** What is wrong with how a call went; undefined where nothing is. */
async function fault(given: Subject, call: Call): Promise<string | undefined> {
  const { model, before, plain } = given;
  try {
    const found = await outcome(given, call);
    if (call.wanted === "refused") return "it was taken";
    return isSame(found, plain.get(call.name)!) ? undefined : "another result";
  } catch (error) {
    if (!(error instanceof InputError)) return `a defect: ${String(error)}`;
    if (call.wanted === "same") return `it was refused: ${error.message}`;
  }
  return isEqual(await model.save(), before) ? undefined : "a refused call has left something behind";
}

function isSame(a: Outcome, b: Outcome): boolean {
  return isEqual(a.after, b.after) && JSON.stringify(a.result) === JSON.stringify(b.result);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

const CHUNK = 500;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)(
  "calls from seed %d: refused with the model as it was, or as with plain rows",
  async (first) => {
    const given = await subject();
    for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
      const call = randomCall(randomOf(at));
      const wrong = await fault(given, call);
      if (wrong !== undefined) throw new Error(`seed ${at}: ${call.name} (${call.what}): ${wrong}`);
    }
    given.model.dispose();
  },
);

test.each(corpus)("call %d, which once went wrong, does not", async (at) => {
  const given = await subject();
  expect(await fault(given, randomCall(randomOf(at)))).toBe(undefined);
  given.model.dispose();
});

describe("each detector finds a planted fault", () => {
  const bad: Call = { what: "planted", wanted: "refused", name: "fit", args: [{ inputs: 5 }] };
  const rows = plainRows();
  const good: Call = { what: "planted", wanted: "same", name: "fit", args: [rows] };

  /** What is found of a model whose `fit` is another one. */
  async function found(call: Call, fit: (model: Model) => Model["fit"]): Promise<string | undefined> {
    const given = await subject();
    const model = new Proxy(given.model, {
      get: (target, name) => {
        if (name === "fit") return fit(given.model);
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const wrong = await fault({ ...given, model }, call);
    given.model.dispose();
    return wrong;
  }

  test.each<[string, Call, (model: Model) => Model["fit"], string]>([
    ["a mistake is taken", bad, (model) => () => model.fit(rows as FitData, { epochs: 1 }), "it was taken"],
    [
      "a defect",
      bad,
      () => () => Promise.reject(new TypeError("undefined is not a function")),
      "a defect: TypeError: undefined is not a function",
    ],
    [
      "a refused call that changes the model",
      bad,
      (model) => async (data) => {
        await model.partialFit(rows as FitData);
        return model.fit(data);
      },
      "a refused call has left something behind",
    ],
    ["a good call is refused", good, () => () => Promise.reject(new InputError("no")), "it was refused: no"],
    ["another result", good, (model) => () => model.fit(rows as FitData, { epochs: 2 }), "another result"],
  ])("%s", async (_, call, fit, wrong) => {
    expect(await found(call, fit)).toBe(wrong);
  });

  test("nothing where there is none", async () => {
    expect(await found(bad, (model) => model.fit.bind(model))).toBe(undefined);
    expect(await found(good, (model) => model.fit.bind(model))).toBe(undefined);
  });
});
