import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import { specText } from "../helpers.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

let cwd = "";
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);

/** Lines of different slopes; two of the wells are nearly dry. */
const WELLS = `model Wells {
  input depth: float[1]
  task flow { output = depth |> dense(16, tanh) |> dense(1)  label: float  loss: mse  metrics: [rmse] }
}
meta {
  algorithm: maml(inner_steps: 3, inner_lr: 0.2)
  task: well
  episode: { support: 4, query: 4 }
  tasks_per_step: 4
  optimizer: adam(lr: 0.01)
  steps: 120
}
data {
  from: "wells.csv"
  depth = depth |> standardize
  flow = flow |> standardize
  split: { train: 0.6, validation: 0.2, test: 0.2 }
}`;

beforeAll(() => {
  cwd = temporaryFolder();
  const rows = Array.from({ length: 22 }, (_, well) =>
    Array.from({ length: well < 20 ? 12 : 5 }, (_, i) => {
      const depth = Math.sin(17 * i + well);
      return `w${well},${depth},${(3 * Math.sin(well) * depth).toFixed(6)}`;
    }),
  );
  write("wells.csv", ["well,depth,flow", ...rows.flat()].join("\n"));
  write("wells.nnspec", WELLS);
  write("waves.nnspec", specText("meta/sinusoid"));
});

type Spread = { readonly mean: number };
interface End {
  readonly loss: Spread;
  readonly best_step: number | null;
}

const end = (stdout: string) => jsonLines(stdout).at(-1) as unknown as End;

describe("tasks by a column", () => {
  test("whole tasks are held back, small ones left out, the weights chosen on validation tasks; adapting helps", async () => {
    const { code, stdout } = await nnc(["train", "wells.nnspec"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("2 of 22 values of well have fewer than 8 rows and are left out.");
    expect(stdout).toMatch(/the weights are those of step \d+/);
    const loss = async (steps: number) => {
      const args = [
        "evaluate",
        "wells.nnspec",
        "--json",
        "--episodes",
        "100",
        "--inner-steps",
        String(steps),
      ];
      return end((await nnc(args, { cwd })).stdout).loss.mean;
    };
    expect(await loss(3)).toBeLessThan(0.5 * (await loss(0)));
  });
});

/** The centers that a checkpoint's transforms were fitted to. */
function fittedCenters(file: string): Record<string, unknown> {
  const { metadata } = readSafetensors(readFileSync(join(cwd, file)));
  const fitted = JSON.parse(metadata["transforms"]!) as Record<string, { state: { center: unknown } }[]>;
  return Object.fromEntries(Object.entries(fitted).map(([name, [stage]]) => [name, stage!.state.center]));
}

test("transforms are fitted on the rows of training tasks, and on no others", async () => {
  const rows = ["train", "validation", "test", "small"].flatMap((part, p) =>
    Array.from({ length: part === "small" ? 7 : 8 }, (_, i) => {
      const dealt = part === "small" ? "train" : part;
      return `${part},${i + 1000 * p},${2 * i - 500 * p},${dealt}`;
    }),
  );
  write("far.csv", ["well,depth,flow,part", ...rows].join("\n"));
  const split = "split: { by: column(part) }";
  write("far.nnspec", WELLS.replace("wells.csv", "far.csv").replace(/split: .*/, split));
  expect((await nnc(["train", "far.nnspec", "--steps", "1"], { cwd })).code).toBe(0);
  expect(fittedCenters("far.safetensors")).toEqual({ depth: [3.5], flow: [7] });
});

test("whole tasks are dealt out without a word of it, and other parts than in training are refused", async () => {
  const unsaid = WELLS.replace(/ {2}split: .*\n/, "").replace("wells.csv", "unsaid.csv");
  const { by } = compile(unsaid).document!.data!.split;
  expect(by).toEqual({ name: "group", options: { column: "well" } });
  write("unsaid.nnspec", unsaid);
  const csv = readFileSync(join(cwd, "wells.csv"), "utf8");
  write("unsaid.csv", csv);
  expect((await nnc(["train", "unsaid.nnspec", "--steps", "2"], { cwd })).code).toBe(0);
  expect((await nnc(["evaluate", "unsaid.nnspec", "--episodes", "5"], { cwd })).code).toBe(0);
  write("unsaid.csv", csv.split("\n").slice(0, -30).join("\n"));
  for (const args of [["evaluate"], ["train", "--resume"]]) {
    const { code, stderr } = await nnc([args[0]!, "unsaid.nnspec", ...args.slice(1)], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("NN7056")]);
  }
});

describe("--resume", () => {
  test.each([
    ["wells.nnspec", 120, ["--engine", "wasm"]],
    ["wells.nnspec", 40, ["--engine", "tfjs"]],
    ["waves.nnspec", 3000, []],
  ])(
    "%s, %s steps %s: an interrupted training that goes on ends where an uninterrupted one does",
    async (spec, steps, engine) => {
      const common = ["train", spec, "--json", "--steps", String(steps), ...engine];
      const kept = { whole: `whole-${spec}.safetensors`, broken: `broken-${spec}.safetensors` };
      const whole = await nnc([...common, "--out", kept.whole], { cwd });
      expect(whole.code).toBe(0);
      const broken = await nnc([...common, "--out", kept.broken], {
        cwd,
        interruptAt: /"event":"step"/,
      });
      expect(broken.code).toBe(130);
      expect(jsonLines(broken.stdout).filter((e) => e["event"] === "step").length).toBeLessThan(20);
      const resumed = await nnc([...common, "--out", kept.broken, "--resume"], { cwd });
      expect(resumed.code).toBe(0);
      const { loss, best_step } = end(whole.stdout);
      expect(end(resumed.stdout)).toMatchObject({ loss, best_step });
      const bytes = (name: string) => readFileSync(join(cwd, name));
      expect(bytes(kept.broken).equals(bytes(kept.whole))).toBe(true);
    },
  );

  test("--from takes the weights of another training, and begins anew", async () => {
    await nnc(["train", "waves.nnspec", "--steps", "200", "--out", "first.safetensors"], { cwd });
    const args = ["train", "waves.nnspec", "--steps", "1", "--seed", "9", "--json"];
    const fresh = await nnc([...args, "--out", "fresh.safetensors"], { cwd });
    const further = await nnc([...args, "--out", "further.safetensors", "--from", "first.safetensors"], {
      cwd,
    });
    expect(further.code).toBe(0);
    expect(further.stderr).toContain("6 weights taken");
    expect(end(further.stdout).loss.mean).toBeLessThan(end(fresh.stdout).loss.mean);
  });
});
