import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { specText } from "../helpers.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

let cwd = "";
beforeAll(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, "waves.nnspec"), specText("meta/sinusoid"));
});

test("train reports the loss after adaptation, and evaluate the checkpoint's, with an interval", async () => {
  const trained = await nnc(["train", "waves.nnspec", "--steps", "1000", "--json"], { cwd });
  expect(trained.code).toBe(0);
  const events = jsonLines(trained.stdout);
  const losses = events.filter((e) => e["event"] === "step").map((e) => Number(e["loss"]));
  expect(losses).toHaveLength(20);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  const end = events.at(-1) as {
    loss: { mean: number; interval: number; diverged: number };
    episodes: number;
  };
  expect(end.episodes).toBe(600);
  expect(end.loss.diverged).toBe(0);
  const evaluate = async (...more: string[]) =>
    jsonLines((await nnc(["evaluate", "waves.nnspec", "--json", ...more], { cwd })).stdout)[0] as typeof end;
  expect((await evaluate()).loss).toEqual(end.loss);
  const ten = await evaluate("--inner-steps", "10", "--episodes", "100");
  expect(ten.episodes).toBe(100);
  expect(ten.loss.mean).toBeLessThan(end.loss.mean);
});

test("classes of a data file: the model is chosen on validation classes and judged on new ones", async () => {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [kind, at] = [i % 12, (i / 12) | 0];
    return `${Math.cos(kind) + at / 50},${Math.sin(2 * kind) - at / 60},k${kind}`;
  });
  writeFileSync(join(cwd, "kinds.csv"), ["a,b,kind", ...rows].join("\n"));
  const spec = `model Kinds {
    input x: float[2]
    task t { output = x |> dense(16, tanh) |> dense(ways, softmax)  label: category(ways)  loss: categorical_crossentropy  metrics: [accuracy] }
  }
  meta {
    algorithm: maml(inner_steps: 3, inner_lr: 0.5)
    episode: { ways: 3, support: 1, query: 4 }
    tasks_per_step: 4
    optimizer: adam(lr: 0.01)
    steps: 60
  }
  data {
    from: "kinds.csv"
    x = [a, b] |> standardize
    classes: { from: kind, train: [k0, k1, k2, k3, k4, k5], validation: [k6, k7], test: [k8, k9, k10, k11] }
  }`;
  writeFileSync(join(cwd, "kinds.nnspec"), spec);
  const { stdout, code } = await nnc(["train", "kinds.nnspec", "--json"], { cwd });
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  const judged = events.filter((e) => e["event"] === "step") as {
    step: number;
    validation: { loss: { mean: number } };
  }[];
  const best = judged.reduce((a, b) => (b.validation.loss.mean < a.validation.loss.mean ? b : a));
  const end = events.at(-1) as { best_step: number; metrics: { t: { accuracy: { mean: number } } } };
  expect(end.best_step).toBe(best.step);
  expect(end.metrics.t.accuracy.mean).toBeGreaterThan(0.5);
  const evaluated = jsonLines((await nnc(["evaluate", "kinds.nnspec", "--json"], { cwd })).stdout)[0];
  expect(evaluated).toMatchObject({ metrics: end.metrics });
  writeFileSync(join(cwd, "lacking.nnspec"), spec.replace("k11]", "k21]").replace("query: 4", "query: 40"));
  const lacking = await nnc(["check", "lacking.nnspec"], { cwd });
  expect(lacking.code).toBe(1);
  expect(lacking.stderr).toContain("The class `k21` has 0 rows, and an episode takes 41 of each.");
  expect(lacking.stderr).toContain("The class `k0` has 10 rows");
});

test("the summary says beforehand what the inner loop takes", async () => {
  const takes = async (steps: number, unroll: boolean) => {
    const text = specText("meta/sinusoid").replace(
      "inner_steps: 1",
      `inner_steps: ${steps}, unroll: ${unroll}`,
    );
    writeFileSync(join(cwd, "more.nnspec"), text);
    const { stdout } = await nnc(["summary", "more.nnspec"], { cwd });
    return Number(/a task takes ([\d,]+) bytes/.exec(stdout)![1]!.replaceAll(",", ""));
  };
  const [four, eight, twelve] = [await takes(4, true), await takes(8, true), await takes(12, true)];
  expect((twelve - eight) / (eight - four)).toBeCloseTo(1, 1);
  expect(await takes(12, false)).toBeLessThan(twelve);
});

test("explain flow shows what the outer loop moves", async () => {
  const spec = specText("meta/letters").replace(/algorithm: .*/, "algorithm: protonet(embed: h)");
  writeFileSync(join(cwd, "letters.nnspec"), spec.replace("adam(lr: 0.001)", "sgd(lr: 0.1)"));
  const { stdout } = await nnc(["explain", "flow", "letters.nnspec"], { cwd });
  expect(stdout).toMatch(/^h\.\* .* sgd$/m);
  expect(stdout).toMatch(/^letter\.\* .* no loss reaches it$/m);
});

test("compile writes a module that learns to learn, for each target that can", async () => {
  const out = temporaryFolder();
  const compile = (...more: string[]) => nnc(["compile", "waves.nnspec", "--out", out, ...more], { cwd });
  for (const more of [[], ["--target", "tfjs"], ["--standalone"]]) {
    expect((await compile(...more)).code).toBe(0);
    const file = join(out, more.includes("--standalone") ? "waves.js" : "waves.ts");
    expect(readFileSync(file, "utf8")).toContain("startMetaModel");
  }
  for (const target of ["plan", "program", "json"]) {
    const { code, stdout } = await nnc(["compile", "waves.nnspec", "--target", target], { cwd });
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(1000);
  }
});

test("what a spec with a meta section has no use for is refused", async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await nnc(args, { cwd });
    return [code, stderr.split("\n")[0]];
  };
  expect(await refused("train", "waves.nnspec", "--epochs", "3")).toEqual([
    2,
    "`--epochs` is not for a spec with a `meta` section.",
  ]);
  expect(await refused("compile", "waves.nnspec", "--target", "tfjs-graph")).toEqual([
    1,
    "error[NN6003]: Target `tfjs-graph` is not for a spec with a `meta` section.",
  ]);
  expect(await refused("compile", "waves.nnspec", "--threads")).toEqual([
    1,
    "error[NN6003]: `--threads` is not for a spec with a `meta` section.",
  ]);
  expect((await refused("compile", "waves.nnspec", "--train", "warmup"))[0]).toBe(2);
  writeFileSync(join(cwd, "none.nnspec"), specText("meta/sinusoid").replace("  tasks: sinusoids\n", ""));
  expect((await refused("train", "none.nnspec"))[1]).toContain("NN5027");
  writeFileSync(join(cwd, "plain.nnspec"), specText("two-towers"));
  expect((await refused("train", "plain.nnspec", "--steps", "3"))[0]).toBe(2);
});
