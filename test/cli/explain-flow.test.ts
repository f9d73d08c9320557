import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nnc } from "./run.js";

const cwd = mkdtempSync(join(tmpdir(), "nnspec-flow-"));

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const SPEC = `model Flow {
  input x: float[4]
  input y: float[3]
  shared trunk = dense(8, relu) |> dense(8, relu)
  h = x |> trunk
  side = y |> dense(2) |> detach
  task first { output = h |> dense(3, softmax)  label: category(3)  loss: categorical_crossentropy }
  task second {
    output = concat(first.output |> detach, side) |> dense(4, tanh) |> dense(1)
    label: float
    loss: mse
    weight: 0.5
  }
  task third { output = h |> dense(1)  label: float?  loss: mse }
}
train {
  optimizer: adam
  optimizer trunk.dense.*: sgd(lr: 0.1)
  freeze: [trunk.dense_2]
  freeze first.*: { from: 3, until: 5 }
  freeze third.*: { from: 2, until: 2 }
  freeze third.*: { from: 7 }
  balance: pcgrad
}
train plain {
  optimizer: adam
}
`;
writeFileSync(join(cwd, "flow.nnspec"), SPEC);

test("the matrix of tasks and weights, and what stands out in it", async () => {
  const { stdout, code } = await nnc(["explain", "flow", "flow.nnspec"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toBe(`weights          parameters  first  second  third  moved by
trunk.dense.*            40      1  (used)      1  sgd
trunk.dense_2.*          72      1  (used)      1  frozen
side.*                    8      –  (used)      –  no loss reaches it
first.*                  27      1  (used)      –  adam, frozen in epochs 3 to 5
second.*                 29      –     0.5      –  adam
third.*                   9      –       –      1  adam, frozen in epoch 2 and from epoch 7 on

A number is the task's static weight: its loss has a derivative by these weights.
(used): the task's output depends on them, and no gradient of its loss reaches them.
No loss reaches \`side.*\`.
Reached but frozen: \`trunk.dense_2.*\`.
\`balance: pcgrad\` takes 3 backward passes through \`trunk.dense.*\` (40 numbers) in each step, one a task.
`);
});

test("as JSON, of another train section", async () => {
  const { stdout } = await nnc(["explain", "flow", "flow.nnspec", "--json", "--train", "plain"], { cwd });
  const { model, tasks, groups } = JSON.parse(stdout) as { model: string; tasks: object; groups: object[] };
  expect(model).toBe("Flow");
  expect(tasks).toEqual({ first: 1, second: 0.5, third: 1 });
  expect(groups[0]).toEqual({
    weights: "trunk.*",
    parameters: 112,
    tasks: { first: "gradient", second: "value", third: "gradient" },
    frozen: false,
    frozen_epochs: [],
    optimizer: "adam",
  });
});

test("the summary says what a balancer costs", async () => {
  const { stdout } = await nnc(["summary", "flow.nnspec"], { cwd });
  expect(stdout).toContain("takes 3 backward passes through `trunk.dense.*` (40 numbers)");
  expect((await nnc(["summary", "flow.nnspec", "--train", "plain"], { cwd })).stdout).not.toContain("passes");
  writeFileSync(join(cwd, "famo.nnspec"), SPEC.replace("pcgrad", "famo"));
  expect((await nnc(["summary", "famo.nnspec"], { cwd })).stdout).toContain("a second forward pass");
});

test("the summary says what is frozen, and when", async () => {
  const { stdout } = await nnc(["summary", "flow.nnspec"], { cwd });
  expect(stdout).toMatch(/^trunk\.dense_2 .* shared, frozen$/m);
  expect(stdout).toMatch(/^first\.dense .* frozen in epochs 3 to 5$/m);
  const { layers } = JSON.parse((await nnc(["summary", "flow.nnspec", "--json"], { cwd })).stdout) as {
    layers: object[];
  };
  expect(layers.find((l) => "layer" in l && l.layer === "first.dense")).toMatchObject({
    frozen: false,
    frozen_epochs: [{ from: 3, until: 5 }],
  });
});

test("what it cannot explain is said, not guessed", async () => {
  const without = await nnc(["explain", "flow"], { cwd });
  expect([without.code, without.stderr]).toEqual([
    2,
    "`nnc explain flow` needs a spec: `nnc explain flow model.nnspec`.\n",
  ]);
  const code = await nnc(["explain", "NN3004", "flow.nnspec"], { cwd });
  expect([code.code, code.stderr]).toEqual([2, "Of a spec nnc explains `flow`, not `NN3004`.\n"]);
});
