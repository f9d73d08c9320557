import { spawnSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { runCase } from "../../scripts/kill-sweep/cases.mjs";
import { main } from "./run.js";

test.concurrent.each([...["plain", "staged", "meta", "threads", "pair", "writes"].entries()])(
  "seed %i: nothing of a killed training is lost or half done (%s)",
  async (seed, name) => {
    const { kind, found } = await runCase(seed);
    expect(kind).toContain(name);
    expect(found).toEqual([]);
  },
);

/** A training that cannot write, after one that was killed when it had saved: there is a checkpoint whenever the kill comes. */
const WITH_CHECKPOINT = 5;

/** What is found where the killed training's checkpoint becomes this. */
const planted = async (plant: (checkpoint: string) => void) =>
  (await runCase(WITH_CHECKPOINT, { plant })).found.join("\n");

test.concurrent("a checkpoint that is cut short is found", async () => {
  const found = await planted((path) => truncateSync(path, readFileSync(path).length / 2));
  expect(found).toContain("the checkpoint does not load");
});

test.concurrent("a checkpoint of another training is found", async () => {
  const found = await planted((path) => {
    spawnSync(process.execPath, [main, "train", "swept.nnspec", "--seed", "9"], { cwd: dirname(path) });
  });
  expect(found).toContain("the last event is");
  expect(found).toContain("the last checkpoint is not the uninterrupted training's");
});

test.concurrent("a file that stays behind is found", async () => {
  const found = await planted((path) =>
    writeFileSync(join(dirname(path), ".swept.safetensors.other.tmp"), "a part"),
  );
  expect(found).toContain("after a complete training there is .swept.safetensors.other.tmp");
});
