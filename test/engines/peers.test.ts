import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

const SPEC = `model Line {
  input x: float
  task y { output = x |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.1) }`;

/** The package as it is installed: with what it depends on, and without its optional peers. */
function installed(): string {
  const folder = temporaryFolder();
  const modules = join(folder, "node_modules");
  for (const name of Object.keys(dependencies)) {
    const target = join(modules, name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target);
  }
  const own = join(modules, "nnspec");
  for (const part of ["package.json", "dist"]) cpSync(join(root, part), join(own, part), { recursive: true });
  writeFileSync(join(folder, "line.nnspec"), SPEC);
  return folder;
}

test("without tfjs the wasm engine trains, and the tfjs engine says what to install", () => {
  const cwd = installed();
  const script = `
    import { compile } from "nnspec";
    const { create } = compile(${JSON.stringify(SPEC)});
    const model = await create();
    const { epochs } = await model.fit({ inputs: { x: [1, 2] }, labels: { y: [2, 4] } }, { epochs: 3 });
    const told = await create({ engine: "tfjs" }).catch((error) => error.name + ": " + error.message);
    console.log(JSON.stringify({ epochs: epochs.length, told }));`;
  const text = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd,
    encoding: "utf8",
  });
  expect(JSON.parse(text)).toEqual({
    epochs: 3,
    told: "InputError: the engine `tfjs` needs two packages that are not installed: `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`. The engine `wasm` needs none.",
  });
});

test("the command says so too", () => {
  const cwd = installed();
  writeFileSync(join(cwd, "line.csv"), "x,y\n1,2\n2,4\n3,6\n4,8\n");
  const data = `data { from: "line.csv"  x = x  y = y  split: { train: 1 } }`;
  writeFileSync(join(cwd, "line.nnspec"), `${SPEC}\n${data}\n`);
  const nnc = join(cwd, "node_modules/nnspec/dist/bin/nnc.js");
  const train = (...args: string[]) =>
    spawnSync(process.execPath, [nnc, "train", "line.nnspec", ...args], { cwd, encoding: "utf8" });
  const { status, stderr } = train("--engine", "tfjs");
  expect(status).toBe(1);
  expect(stderr).toContain("npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm");
  expect(train().status).toBe(0);
});

test("the engine of `nnspec/tfjs` is the one of that name", async () => {
  const script = `
    import { compile } from "nnspec";
    import { tfjs } from "nnspec/tfjs";
    const { create } = compile(${JSON.stringify(SPEC)});
    const trained = async (engine) => {
      const model = await create({ engine });
      await model.fit({ inputs: { x: [1, 2] }, labels: { y: [2, 4] } }, { epochs: 3 });
      return [model.engine, ...(await model.weight("y.dense.kernel")).data];
    };
    console.log(JSON.stringify([await trained(tfjs), await trained("tfjs")]));`;
  const text = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  const [given, named] = JSON.parse(text) as [unknown, unknown];
  expect(given).toEqual(named);
});
