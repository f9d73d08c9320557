import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

interface Pair {
  readonly tasks: [string, string];
  readonly steps: number;
  readonly cosine: number;
  readonly conflicts: number;
}

interface Profile {
  readonly steps: number;
  readonly losses: Record<string, number>;
  readonly groups: {
    weights: string;
    norms: Record<string, number>;
    pairs: Pair[];
    layers: { weights: string }[];
  }[];
  readonly proposals: { change: string; lines: object[] }[];
}

/** Writes a spec of this model with its rows; the first row names the columns. */
function folder(spec: string, rows: readonly (readonly (string | number)[])[]): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), spec);
  writeFileSync(join(cwd, "m.csv"), rows.map((row) => row.join(",")).join("\n"));
  return cwd;
}

async function profiled(cwd: string, ...args: string[]): Promise<Profile> {
  const { code, stdout, stderr } = await nnc(["profile", "m.nnspec", "--json", ...args], { cwd });
  expect([code, stderr]).toEqual([0, ""]);
  return jsonLines(stdout)[0] as unknown as Profile;
}

/** Two tasks that predict with the same weights, which begin at 0 and stay there: the gradients are -2 · mean(y · x). */
const linear = (train: string) => `model Linear {
  input x: float[2]
  shared trunk = dense(1, use_bias: false, kernel_initializer: zeros)
  task a { output = x |> trunk  label: float?  loss: mse  weight: 3 }
  task b { output = x |> trunk  label: float  loss: mse }
  task c { output = x |> trunk  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0)  shuffle: false  ${train} }
data { from: "m.csv"  x = [x1, x2]  a = a  b = b  c = c  split: { train: 1 } }
`;
const HEAD = ["x1", "x2", "a", "b", "c"];

test.each(["wasm", "reference"])("%s: opposite, orthogonal and identical gradients", async (engine) => {
  // b says the opposite of a, and c looks at the other input.
  const rows = [
    [1, 0, 1, -1, 0],
    [-1, 0, -1, 1, 0],
    [0, 1, 0, 0, 1],
    [0, -1, 0, 0, -1],
  ];
  const { groups, steps } = await profiled(
    folder(linear("batch: full"), [HEAD, ...rows]),
    "--engine",
    engine,
  );
  expect(steps).toBe(3);
  expect(groups.map(({ weights, layers }) => [weights, layers.map((l) => l.weights)])).toEqual([
    ["trunk.dense.kernel", ["trunk.dense"]],
  ]);
  const [opposite, ...orthogonal] = groups[0]!.pairs;
  expect(opposite).toEqual({ tasks: ["a", "b"], steps: 3, cosine: expect.closeTo(-1, 6), conflicts: 1 });
  for (const pair of orthogonal) expect(pair).toMatchObject({ cosine: expect.closeTo(0, 6), conflicts: 0 });
  const same = rows.map(([x1, x2, a]) => [x1!, x2!, a!, a!, a!]);
  const identical = await profiled(folder(linear("batch: full"), [HEAD, ...same]), "--engine", engine);
  for (const pair of identical.groups[0]!.pairs)
    expect(pair).toMatchObject({ cosine: expect.closeTo(1, 6), conflicts: 0 });
  expect(identical.proposals.map((p) => p.change)).toEqual(["none"]);
});

test("by hand: batches of two rows, one of them without a label of a", async () => {
  const rows: (number | "")[][] = [
    [1, 2, 0.5, 1, -1],
    [-1, 1, 2, 0.3, 1],
    [0.5, -1, "", 1, 2],
    [2, 1, "", -1, 0.1],
    [1, -1, 1.5, -2, 1],
    [0.3, 0.7, -1, 0.4, 3],
  ];
  const { groups, steps } = await profiled(
    folder(linear("batch: 2"), [HEAD, ...rows]),
    "--engine",
    "reference",
    "--epochs",
    "2",
  );
  expect(steps).toBe(6);
  // A batch's loss is over the rows that are to be labelled: 4 of 6 in the training part.
  const gradient = (batch: number, task: number) => {
    const inside = rows.slice(2 * batch, 2 * batch + 2);
    const expected = task === 0 ? (2 * 4) / 6 : 2;
    const sum = (k: number) => inside.reduce((s, row) => s - 2 * Number(row[2 + task]) * Number(row[k]), 0);
    return [sum(0) / expected, sum(1) / expected] as const;
  };
  const norm = ([x, y]: readonly [number, number]) => Math.hypot(x, y);
  const cosines = (i: number, j: number, batches: number[]) =>
    batches.map((batch) => {
      const [g, h] = [gradient(batch, i), gradient(batch, j)];
      return (g[0] * h[0] + g[1] * h[1]) / (norm(g) * norm(h));
    });
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  const all = [0, 1, 2];
  const [labelled, names] = [
    [0, 2],
    ["a", "b", "c"],
  ];
  const expected = [
    [0, 1, labelled],
    [0, 2, labelled],
    [1, 2, all],
  ] as [number, number, number[]][];
  expect(groups[0]!.pairs).toEqual(
    expected.map(([i, j, batches]) => ({
      tasks: [names[i], names[j]],
      steps: 2 * batches.length,
      cosine: expect.closeTo(mean(cosines(i, j, batches)), 9),
      conflicts: expect.closeTo(mean(cosines(i, j, batches).map((c) => (c < 0 ? 1 : 0))), 9),
    })),
  );
  expect(groups[0]!.norms).toEqual({
    a: expect.closeTo(3 * mean(labelled!.map((batch) => norm(gradient(batch, 0)))), 9),
    b: expect.closeTo(mean(all.map((batch) => norm(gradient(batch, 1)))), 9),
    c: expect.closeTo(mean(all.map((batch) => norm(gradient(batch, 2)))), 9),
  });
});

/** Tasks that pull a nonlinear trunk apart. */
const OPPOSED = `model Opposed {
  input x: float[2]
  shared trunk = dense(4, tanh) |> dense(3, tanh) |> dropout(0.1)
  h = x |> trunk
  task up {
    output = h |> dense(1, kernel_initializer: ones)
    label: float
    loss: mse
  }
  task down {
    output = x |> trunk |> dense(1, kernel_initializer: ones)
    label: float
    loss: mse
  }
}
train {
  optimizer: adam
  epochs: 50
}
data { from: "m.csv"  x = [x1, x2]  up = up  down = down  split: { train: 1 } }
`;
const opposedRows = (down: (y: number) => number) => {
  const rows = Array.from({ length: 100 }, (_, i) => {
    const [a, b] = [Math.sin(i), Math.cos(2.3 * i)];
    return [a, b, a + 2 * b, down(a + 2 * b)];
  });
  return [["x1", "x2", "up", "down"], ...rows];
};

test("conflicts: a balancer, or a layer for each task, as lines of the spec", async () => {
  const cwd = folder(
    OPPOSED,
    opposedRows((y) => -y),
  );
  const { code, stdout } = await nnc(["profile", "m.nnspec"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Opposed on wasm .*: 3 epochs of `train`, 12 batches\.\n/);
  expect(stdout).toMatch(/^trunk\.\* +27 +up and down +-0\.\d+ +100 % +12$/m);
  expect(stdout.slice(stdout.indexOf("In `")))
    .toBe(`In \`trunk.*\` the gradients of up and down point against each other in 100 % of the steps.
Let a balancer take out of each task's gradient what goes against another's:

m.nnspec
  17 +   balance: pcgrad

Or give each task its own \`trunk.dense_2\`, and what follows it:

m.nnspec
   3 -   shared trunk = dense(4, tanh) |> dense(3, tanh) |> dropout(0.1)
   3 +   shared trunk = dense(4, tanh)
   6 -     output = h |> dense(1, kernel_initializer: ones)
   6 +     output = h |> dense(3, tanh) |> dropout(0.1) |> dense(1, kernel_initializer: ones)
  11 -     output = x |> trunk |> dense(1, kernel_initializer: ones)
  11 +     output = x |> trunk |> dense(3, tanh) |> dropout(0.1) |> dense(1, kernel_initializer: ones)
`);
  expect(readdirSync(cwd).sort()).toEqual(["m.csv", "m.nnspec"]);
});

test("what is there already gives way, and what cannot be rewritten is said in words", async () => {
  const opposed = opposedRows((y) => -y);
  const given = folder(OPPOSED.replace("epochs: 50", "balance: uncertainty"), opposed);
  expect((await profiled(given)).proposals[0]!.lines).toEqual([
    { line: 18, remove: ["  balance: uncertainty"], add: ["  balance: pcgrad"] },
  ]);
  const balanced = folder(OPPOSED.replace("epochs: 50", "balance: pcgrad"), opposed);
  expect((await profiled(balanced)).proposals.map((p) => p.change)).toEqual(["split"]);
  const inline = folder(OPPOSED.replace(/train \{[^}]*\}/, "train { epochs: 50 }"), opposed);
  expect((await profiled(inline)).proposals[0]!.lines).toEqual([
    { line: 16, remove: ["train { epochs: 50 }"], add: ["train { balance: pcgrad  epochs: 50 }"] },
  ]);
  const none = folder(OPPOSED.replace(/train \{[^}]*\}\n/, ""), opposed);
  expect((await profiled(none)).proposals[0]!.lines).toEqual([
    { line: 17, remove: [], add: ["train { balance: pcgrad }"] },
  ]);
  const nested = OPPOSED.replace("dense(3, tanh) |>", "dense(3, activation: elu(alpha: 1)) |>");
  expect((await profiled(folder(nested, opposed))).proposals.map((p) => p.change)).toEqual([
    "balance",
    "split",
  ]);
  // Without the layer the pattern would match nothing.
  const named = OPPOSED.replace("epochs: 50", "optimizer trunk.dense_2.*: sgd(lr: 0.01)");
  expect((await profiled(folder(named, opposed))).proposals.map((p) => p.change)).toEqual([
    "balance",
    "mmoe",
  ]);
  const single = folder(OPPOSED.replace(" |> dense(3, tanh) |> dropout(0.1)", ""), opposed);
  const { stdout } = await nnc(["profile", "m.nnspec"], { cwd: single });
  expect(stdout).toContain(
    "Or share less in `trunk.*` (line 3): give each task layers of its own, or a mixture",
  );
});

test("norms that differ much: the scales of the losses are to be learned", async () => {
  const heavy = OPPOSED.replace("loss: mse", "loss: mse\n    weight: 100");
  const cwd = folder(
    heavy,
    opposedRows((y) => y),
  );
  const { stdout } = await nnc(["profile", "m.nnspec"], { cwd });
  expect(stdout).toMatch(/In `trunk\.\*` the gradient of up is \d+ times that of down\./);
  expect(stdout).toContain("  18 +   balance: uncertainty\n");
  const balanced = folder(
    heavy.replace("epochs: 50", "balance: imtl_l"),
    opposedRows((y) => y),
  );
  expect((await profiled(balanced)).proposals.map((p) => p.change)).toEqual(["none"]);
});

test.each(["wasm", "tfjs", "reference"])(
  "%s: looking changes nothing, and says the same each time",
  async (engine) => {
    const spec = OPPOSED.replace("dropout(0.1)", "batch_norm |> dropout(0.3)")
      .replace("label: float", "label: float?")
      .replace("epochs: 50", "accumulate: 2  batch: 16  balance: gradvac")
      .replace("optimizer: adam", "optimizer: sgd(lr: 0.05)")
      .replace("train: 1", "train: 0.9, test: 0.1");
    const rows = opposedRows((y) => -y).map((row, i) =>
      i % 3 === 1 ? [row[0]!, row[1]!, "", row[3]!] : row,
    );
    const cwd = folder(spec, rows);
    const args = ["--json", "--engine", engine, "--epochs", "3"];
    const [first, second] = [
      await nnc(["profile", "m.nnspec", ...args], { cwd }),
      await nnc(["profile", "m.nnspec", ...args], { cwd }),
    ];
    expect(second.stdout).toBe(first!.stdout);
    const profile = jsonLines(first!.stdout)[0]!;
    expect(Object.keys(profile)).toEqual([
      "version",
      "event",
      "model",
      "train",
      "epochs",
      "steps",
      "losses",
      "groups",
      "proposals",
    ]);
    const trained = jsonLines((await nnc(["train", "m.nnspec", ...args], { cwd })).stdout);
    expect(profile["losses"]).toEqual(trained.filter((e) => e["epoch"] === 3)[0]!["losses"]);
  },
);

test("where there is nothing to compare, that is said", async () => {
  const alone = folder(
    `model M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }
data { from: "m.csv"  x = [x1, x2]  t = up  split: { train: 1 } }`,
    opposedRows((y) => y),
  );
  const one = await nnc(["profile", "m.nnspec"], { cwd: alone });
  expect([one.code, one.stderr]).toEqual([
    1,
    expect.stringContaining("error[NN5022]: There are no gradients to compare: there is one task."),
  ]);
  const frozen = folder(
    OPPOSED.replace("epochs: 50", "freeze: [trunk.*]"),
    opposedRows((y) => y),
  );
  const nothing = await nnc(["profile", "m.nnspec"], { cwd: frozen });
  expect([nothing.code, nothing.stderr]).toEqual([
    1,
    expect.stringContaining("no trained weight is reached by two tasks"),
  ]);
});
