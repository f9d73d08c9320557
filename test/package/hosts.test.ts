import { spawnSync } from "node:child_process";
import vm from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { installed, writeFiles } from "./installed.js";

/** A model of each kind of label, trained, saved, loaded and asked, and what is said of a mistake. */
const PROBE = `const SPEC = \`model Line {
  input x: float
  h = x |> dense(4, tanh)
  task y { output = h |> dense(1)  label: float  loss: mse  metrics: [mae] }
  task k {
    output = h |> dense(2, softmax)
    label: category("p", "q")
    loss: categorical_crossentropy
    metrics: [accuracy]
    class_weights: balanced
  }
}
train { optimizer: adam(lr: 0.1)  batch: 4  balance: uncertainty }
data { from: "d.csv"  x = x |> standardize  y = y |> standardize  k = k }\`;
const lists = { inputs: { x: [1, 2, 3, 4] }, labels: { y: [1, 2, 3, 4], k: ["p", "q", "p", "q"] } };

export async function probe({ compile }, { rows = lists, engine = "wasm", copied = (bytes) => bytes } = {}) {
  const { create } = compile(SPEC);
  const model = await create({ seed: 1, engine });
  const { epochs } = await model.fit(rows, { epochs: 5 });
  const saved = copied(await model.save({ note: "\\u00fc\\ud83d\\ude00" }));
  const notes = await model.load(saved);
  const { k } = await model.predict(rows.inputs);
  const refused = await model.fit(rows, { epoch: 1 }).catch((error) => error.name + ": " + error.message);
  const [mistake] = compile(SPEC.replace("tanh", "tahn")).diagnostics;
  model.dispose();
  return { losses: epochs.map((epoch) => epoch.loss), notes, classes: k.classes, refused, mistake: mistake.message };
}

/** For a host to print. */
export async function told(nnspec, options) {
  return await probe(nnspec, options).then(JSON.stringify, (error) => error.name + ": " + error.message);
}
`;
const MAIN = `import * as nnspec from "nnspec";
import { told } from "./probe.js";
console.log(await told(nnspec));
`;
const POLLUTE = `Object.prototype.polluted = "everywhere";
Object.prototype.alsoPolluted = function () { return this; };
Array.prototype.polluted = "everywhere";
`;
const POLLUTED_EARLY = `${POLLUTE}const nnspec = await import("nnspec");
const { told } = await import("./probe.js");
console.log(await told(nnspec));
`;
const JEST = `import * as nnspec from "nnspec";
import { told } from "./probe.js";
test("it trains", async () => {
  process.stdout.write(\`told \${await told(nnspec, { copied: (bytes) => Buffer.from(bytes) })}\\n\`);
  await expect(nnspec.compile("").create()).rejects.toThrow(Error);
  const { create } = nnspec.compile("model M { input x: float  task t { output = x |> dense(1)  label: float  loss: mse } }");
  await expect(create({ engine: "tfjs" })).rejects.toThrow("npm install");
  await expect(create({ threads: 0.5 })).rejects.toThrow(nnspec.InputError);
});
`;

let folder: string;
let expected: Outcome;

interface Outcome {
  readonly losses: readonly number[];
}

function output(command: string, ...args: string[]): string {
  const env = { ...process.env, NODE_OPTIONS: command === "npx" ? "--experimental-vm-modules" : "" };
  const { stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env });
  expect(stdout, stderr).not.toBe("");
  return stdout;
}

/** The same words and classes as Node's, and losses that may be those of fused multiply-adds. */
function expectAsExpected(text: string): void {
  const { losses, ...others } = JSON.parse(text) as Outcome;
  expect(others).toEqual({ ...expected, losses: undefined });
  expect(losses).toHaveLength(5);
  losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i]!, 2));
}

beforeAll(() => {
  folder = installed("jest@30.2.0", "jest-environment-jsdom@30.2.0", "deno@2.9.6", "bun@1.4.5");
  writeFiles(folder, {
    "probe.js": PROBE,
    "main.js": MAIN,
    "polluted-early.js": POLLUTED_EARLY,
    "polluted-late.js": MAIN.replace("console", `${POLLUTE}console`),
    "line.test.js": JEST,
  });
  expected = JSON.parse(output(process.execPath, "main.js")) as Outcome;
});

test.each([
  ["Node, with an Object.prototype that was added to before", process.execPath, ["polluted-early.js"]],
  ["Node, with an Object.prototype that was added to since", process.execPath, ["polluted-late.js"]],
  ["Deno", "npx", ["deno", "run", "--allow-all", "main.js"]],
  ["Bun", "npx", ["bun", "main.js"]],
])("%s trains as Node does", (_, command, args) => {
  expectAsExpected(output(command, ...args));
});

test.each(["node", "jsdom"])("a test of Jest trains in its environment of %s", (environment) => {
  const env = { ...process.env, NODE_OPTIONS: "--experimental-vm-modules" };
  const { stdout, stderr, status } = spawnSync("npx", ["jest", `--env=${environment}`], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  expect(status, stderr).toBe(0);
  expectAsExpected(/^told (.*)$/m.exec(stdout)?.[1] ?? "");
});

describe("in a bare context", () => {
  let script: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export * as nnspec from "nnspec";\nexport { told } from "./probe.js";`,
        resolveDir: folder,
      },
      bundle: true,
      format: "iife",
      globalName: "bundle",
      write: false,
      logLevel: "silent",
    });
    script = outputFiles[0]!.text;
  });

  function toldIn(globals: object, before: string, options: string): Promise<string> {
    const context = vm.createContext(globals);
    vm.runInContext(`${before}\n${script}`, context);
    return vm.runInContext(`bundle.told(bundle.nnspec, ${options})`, context) as Promise<string>;
  }

  test("it trains, on arrays of another realm too", async () => {
    expectAsExpected(await toldIn({}, "", "{}"));
    const labels = { y: Float64Array.of(1, 2, 3, 4), k: Uint8Array.of(0, 1, 0, 1) };
    const rows = { inputs: { x: Float32Array.of(1, 2, 3, 4) }, labels };
    const copied = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;
    expectAsExpected(await toldIn({ rows, copied }, "", "{ rows, copied }"));
  });

  test("without WebAssembly it says so, and the reference engine trains", async () => {
    const without = "delete globalThis.WebAssembly;";
    expect(await toldIn({}, without, "{}")).toMatch(/^InputError: models run on WebAssembly .*\(NN6008\)\.$/);
    // In float64 the losses are others.
    const { losses } = JSON.parse(await toldIn({}, without, `{ engine: "reference" }`)) as Outcome;
    expect(losses[4]!).toBeLessThan(losses[0]! / 2);
  });
});

test("`node --jitless` has no WebAssembly either", () => {
  expect(output(process.execPath, "--jitless", "main.js")).toMatch(
    /InputError: models run on WebAssembly .*\(NN6008\)\.\n$/,
  );
});
