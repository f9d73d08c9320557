import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nnc, temporaryFolder } from "./run.js";
import { hasTerminal, inTerminal } from "./terminal.js";

const RED = "\u001b[31mred";
/** What begins a control sequence in eight bits, and what turns the direction of writing. */
const ODD = "b\u009b2J\u202e";

/** A spec, its data and a column whose names would control a terminal. */
function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, `m${RED}.nnspec`),
    `/// A${RED}
model M {
  input x: float[2]
  task t { output = x |> dense(2, softmax)  label: category("${RED.replace("\u001b", "\\u001b")}", "${ODD}")  loss: categorical_crossentropy  metrics: [accuracy] }
  task v { output = x |> dense(2)  label: float[2]  loss: mse  metrics: [mae] }
}
train { epochs: 2 }
data { from: "d.csv"  x = [a, b]  t = c  v = ["p${RED.replace("\u001b", "\\u001b")}", q] }`,
  );
  const rows = Array.from({ length: 40 }, (_, i) => `${i},${-i},${i % 2 ? RED : ODD},${i},1`);
  writeFileSync(join(cwd, "d.csv"), [`a,b,c,p${RED},q`, ...rows].join("\n"));
  return cwd;
}

const spec = `m${RED}.nnspec`;
const commands = [
  ["check", spec],
  ["check", `${ODD}.nnspec`],
  ["summary", spec],
  ["flow", spec],
  ["train", spec],
  ["train", spec, "--json"],
  ["evaluate", spec],
  ["predict", spec],
  ["predict", spec, "--format", "jsonl"],
  ["predict", spec, "--row", `{"${ODD}": 1}`],
  ["predict", spec, "--source", RED],
  ["compile", spec, "--target", "json"],
  ["compile", spec, "-o", `o${RED}`],
  ["explain", RED],
  [RED],
];

/** Our own: colours, the beginning of a line and what empties it. */
const own = /\p{Cc}\[[0-9;]*m|\r?\n|\r\p{Cc}\[K/gu;

test.runIf(hasTerminal())(
  "no name, path or value controls a terminal",
  async () => {
    const cwd = folder();
    let shown = "";
    for (const args of commands) shown += await inTerminal(args, { cwd });
    expect(shown).toContain("\\u001b[31mred");
    expect(shown).toContain("\\u009b2J\\u202e");
    expect(shown).not.toContain(RED);
    expect(shown.replaceAll(own, "").match(/[\p{Cc}\u202a-\u202e]/gu)).toBe(null);
  },
  120_000,
);

test("another program gets data as they are", async () => {
  const cwd = folder();
  await nnc(["train", spec], { cwd });
  const { stdout } = await nnc(["predict", spec], { cwd });
  expect(stdout.split("\n")[0]).toContain(RED);
});
