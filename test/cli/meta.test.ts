import { writeFileSync } from "node:fs";
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

test("what a spec with a meta section has no use for is refused", async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await nnc(args, { cwd });
    return [code, stderr.split("\n")[0]];
  };
  expect(await refused("train", "waves.nnspec", "--epochs", "3")).toEqual([
    2,
    "`--epochs` is not for a spec with a `meta` section.",
  ]);
  expect((await refused("compile", "waves.nnspec"))[1]).toContain("NN6003");
  writeFileSync(join(cwd, "none.nnspec"), specText("meta/sinusoid").replace("  tasks: sinusoids\n", ""));
  expect((await refused("train", "none.nnspec"))[1]).toContain("NN5027");
  writeFileSync(join(cwd, "plain.nnspec"), specText("two-towers"));
  expect((await refused("train", "plain.nnspec", "--steps", "3"))[0]).toBe(2);
});
