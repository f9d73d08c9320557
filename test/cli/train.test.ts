import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

/** A spec with everything that a checkpoint must keep: dropout, batch norm, missing labels, balancing, early stopping. */
const SPEC = `model Small {
  input x: float[3]
  input kind: category("a", "b")
  features = concat(x, kind |> one_hot) |> dense(8) |> batch_norm |> relu |> dropout(0.2)
  task size { output = features |> dense(1)  label: float?  loss: mse  metrics: [mae] }
  task good { output = features |> dense(1, sigmoid)  label: binary("no", "yes")  loss: binary_crossentropy  metrics: [accuracy, auc] }
}
train {
  optimizer: adam(lr: cosine(peak: 0.02, warmup: 5))
  balance: uncertainty
  epochs: 40
  batch: 16
  stop: early(monitor: validation.loss, patience: 50)
}
data {
  from: "small.csv"
  x = x1..x3 |> impute(mean) |> standardize
  kind = kind
  size = size |> standardize
  good = good
  split: { train: 0.6, validation: 0.2, test: 0.2 }
}
`;

function folder(): string {
  const path = temporaryFolder();
  const lines = ["x1,x2,x3,kind,size,good"];
  for (let i = 0; i < 120; i++) {
    const [a, b, c] = [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i + 1)];
    const size = i % 6 === 0 ? "" : (100 + 20 * a - 10 * b).toFixed(2);
    lines.push(
      [
        i % 11 === 0 ? "NA" : a.toFixed(3),
        b.toFixed(3),
        c.toFixed(3),
        i % 3 ? "a" : "b",
        size,
        a + c > 0 ? "yes" : "no",
      ].join(","),
    );
  }
  writeFileSync(join(path, "small.csv"), lines.join("\n"));
  writeFileSync(join(path, "small.nnspec"), SPEC);
  return path;
}

const epochsOf = (text: string) => jsonLines(text).filter((e) => e["event"] === "epoch");

test("train --json prints a line an epoch and the test part's metrics at the end", async () => {
  const cwd = folder();
  const { code, stdout } = await nnc(["train", "small.nnspec", "--json", "--seed", "4"], { cwd });
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  expect(events.length).toBe(41);
  for (const event of events) expect(event).toMatchObject({ version: 1, model: events[0]!["model"] });
  expect(events[0]).toMatchObject({
    event: "epoch",
    epoch: 1,
    epochs: 40,
    validation: { losses: { size: expect.any(Number) } },
  });
  expect(events.at(-1)).toMatchObject({
    event: "end",
    part: "test",
    metrics: {
      size: { mae: expect.any(Number) },
      good: { accuracy: expect.any(Number), auc: expect.any(Number) },
    },
    seconds: expect.any(Number),
    checkpoint: "small.safetensors",
  });
  expect(readdirSync(cwd).sort()).toEqual(["small.csv", "small.nnspec", "small.safetensors"]);
});

test.each(["tfjs", "reference"])(
  "%s: --resume goes on to bitwise the losses of an uninterrupted run",
  async (engine) => {
    const [whole, halves] = [folder(), folder()];
    const train = (cwd: string, ...more: string[]) =>
      nnc(["train", "small.nnspec", "--json", "--engine", engine, ...more], { cwd });
    const expected = epochsOf((await train(whole)).stdout);
    const killed = await nnc(["train", "small.nnspec", "--json", "--engine", engine], {
      cwd: halves,
      interruptAt: /"epoch":5/,
    });
    expect(killed.code).toBe(130);
    const before = epochsOf(killed.stdout);
    const after = epochsOf((await train(halves, "--resume")).stdout);
    expect(before.length).toBeLessThan(40);
    expect([...before, ...after]).toEqual(expected);
    const tensors = (cwd: string) => readSafetensors(readFileSync(join(cwd, "small.safetensors"))).tensors;
    expect(tensors(halves)).toEqual(tensors(whole));
  },
);

test("a signal from outside ends a training that would go on, with a checkpoint", async () => {
  const cwd = folder();
  const spec = SPEC.replace("epochs: 40", "epochs: 1000000").replace(/stop: .*\n/, "");
  writeFileSync(join(cwd, "small.nnspec"), spec);
  const { code } = await nnc(["train", "small.nnspec", "--json"], { cwd, killAfter: /"epoch":2/ });
  expect(code).toBe(130);
  expect(readdirSync(cwd)).toContain("small.safetensors");
});

test("the checkpoint holds weights by path, optimizer and library state, statistics and the document's hash", async () => {
  const cwd = folder();
  await nnc(["train", "small.nnspec", "--epochs", "2"], { cwd });
  const { tensors, metadata } = readSafetensors(readFileSync(join(cwd, "small.safetensors")));
  expect(Object.keys(tensors)).toEqual(
    expect.arrayContaining([
      "features.dense.kernel",
      "features.dense.kernel/m",
      "features.batch_norm.moving_mean",
      "balance/size",
      "presence_rate/size",
      "last/features.dense.kernel",
    ]),
  );
  expect(metadata["hash"]).toMatch(/^[0-9a-f]{64}$/);
  const transforms = JSON.parse(metadata["transforms"]!) as Record<string, { name: string }[]>;
  expect(transforms["x"]!.map((t) => t.name)).toEqual(["impute", "standardize"]);
});

test("evaluate, predict and one raw row, from the spec or its model document", async () => {
  const cwd = folder();
  const trained = jsonLines((await nnc(["train", "small.nnspec", "--json"], { cwd })).stdout).at(-1)!;
  const evaluated = jsonLines((await nnc(["evaluate", "small.nnspec", "--json"], { cwd })).stdout)[0]!;
  const measures = ["version", "model", "part", "loss", "losses", "metrics", "warnings"];
  expect(Object.keys(evaluated).filter((key) => key !== "event")).toEqual(measures);
  for (const key of measures) expect(evaluated[key]).toEqual(trained[key]);
  expect(evaluated["metrics"]).toEqual(trained["metrics"]);
  await nnc(["compile", "small.nnspec", "--target", "json", "-o", "small.json"], { cwd });
  const again = jsonLines((await nnc(["evaluate", "small.json", "--json"], { cwd })).stdout)[0]!;
  expect(again["metrics"]).toEqual(trained["metrics"]);
  const { stdout: csv } = await nnc(["predict", "small.nnspec"], { cwd });
  const lines = csv.trim().split("\n");
  expect(lines[0]).toBe("row,size,good,good_no,good_yes");
  expect(lines.length).toBe(121);
  expect(lines[1]).toMatch(/^1,\d+(\.\d+)?,(yes|no),0?\.?\d/);
  const rows = jsonLines((await nnc(["predict", "small.nnspec", "--format", "jsonl"], { cwd })).stdout);
  const byColumns = '{"x1": null, "x2": 1.0, "x3": 0.841, "kind": "b"}';
  const one = jsonLines((await nnc(["predict", "small.nnspec", "--row", byColumns], { cwd })).stdout)[0]!;
  expect(one["size"]).toBeCloseTo(rows[0]!["size"] as number, 2);
  const byInputs = '{"x": [null, 1.0, 0.841], "kind": "b"}';
  expect(jsonLines((await nnc(["predict", "small.nnspec", "--row", byInputs], { cwd })).stdout)[0]).toEqual(
    one,
  );
});

test("--from takes the weights whose paths and shapes agree, and names the others", async () => {
  const cwd = folder();
  await nnc(["train", "small.nnspec", "--epochs", "2"], { cwd });
  writeFileSync(
    join(cwd, "other.nnspec"),
    SPEC.replace("dense(8)", "dense(8) |> dense(8) as extra").replace(
      "task good { output = features |> dense(1, sigmoid)",
      "task good { output = features |> dense(3) |> dense(1, sigmoid)",
    ),
  );
  const { stdout, code } = await nnc(
    ["train", "other.nnspec", "--epochs", "1", "--from", "small.safetensors"],
    { cwd },
  );
  expect(code).toBe(0);
  expect(stdout).toContain(
    "not there, begun anew: features.extra.kernel, features.extra.bias, good.dense_2.kernel, good.dense_2.bias",
  );
  expect(stdout).toContain("of another shape, begun anew: good.dense.kernel, good.dense.bias");
});

test("--seed changes the model only, --resplit the parts as well; other rows than in training are refused", async () => {
  const cwd = folder();
  const split = async (...more: string[]) => {
    await nnc(["train", "small.nnspec", "--epochs", "1", ...more], { cwd });
    const { metadata } = readSafetensors(readFileSync(join(cwd, "small.safetensors")));
    return (JSON.parse(metadata["notes"]!) as { split: string }).split;
  };
  const plain = await split();
  expect(await split("--seed", "5")).toBe(plain);
  expect(await split("--seed", "5", "--resplit")).not.toBe(plain);
  expect((await nnc(["evaluate", "small.nnspec"], { cwd })).code).toBe(0);
  const csv = readFileSync(join(cwd, "small.csv"), "utf8");
  writeFileSync(join(cwd, "small.csv"), csv.split("\n").slice(0, -3).join("\n"));
  const { code, stderr } = await nnc(["evaluate", "small.nnspec"], { cwd });
  expect([code, stderr]).toEqual([1, expect.stringContaining("NN7056")]);
});

test("mistakes end with code 1, wrong use with 2, and leave no file", async () => {
  const cwd = folder();
  const outcomes = await Promise.all([
    nnc(["train", "nowhere.nnspec"], { cwd }),
    nnc(["evaluate", "small.nnspec"], { cwd }),
    nnc(["predict", "small.nnspec", "--row", "{"], { cwd }),
    nnc(["train", "small.nnspec", "--backend", "webgl"], { cwd }),
    nnc(["train", "small.nnspec", "--engine", "abacus"], { cwd }),
    nnc(["train", "small.nnspec", "--train", "warmup"], { cwd }),
    nnc(["compile", "small.nnspec", "--target", "cobol"], { cwd }),
    nnc(["compile", "small.nnspec", "--target", "pytorch"], { cwd }),
    nnc(["compile", "small.nnspec", "--target", "tfjs", "--standalone"], { cwd }),
    nnc(["fmt", "small.nnspec"], { cwd }),
    nnc(["train"], { cwd }),
    nnc(["train", "small.nnspec", "--epochs", "0"], { cwd }),
    nnc(["explain", "NN0000"], { cwd }),
  ]);
  expect(outcomes.map((o) => o.code)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
  for (const { stderr } of outcomes.slice(0, 10)) expect(stderr).toMatch(/^error\[NN\d{4}\]/);
  for (const { stderr } of outcomes) expect(stderr).not.toMatch(/\n\s+at /);
  expect(readdirSync(cwd).sort()).toEqual(["small.csv", "small.nnspec"]);
});

test("options that would mean nothing are refused", async () => {
  const cwd = folder();
  const outcomes = await Promise.all([
    nnc(["evaluate", "small.nnspec", "--part", "train", "--data", "small.csv"], { cwd }),
    nnc(["evaluate", "small.nnspec", "--source", "films"], { cwd }),
    nnc(["predict", "small.nnspec", "--row", "{}", "--data", "small.csv"], { cwd }),
    nnc(["predict", "small.nnspec", "--source", "films"], { cwd }),
    nnc(["compile", "small.nnspec", "--checkpoint", "small.safetensors"], { cwd }),
  ]);
  expect(outcomes.map((o) => o.code)).toEqual([2, 2, 2, 2, 1]);
  expect(readdirSync(cwd).sort()).toEqual(["small.csv", "small.nnspec"]);
});

test("check --json, summary, explain, init", async () => {
  const cwd = folder();
  writeFileSync(join(cwd, "broken.nnspec"), SPEC.replace("dense(8)", "dens(8)"));
  const { code, stdout } = await nnc(["check", "broken.nnspec", "--json"], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    diagnostics: [
      {
        code: "NN2004",
        severity: "error",
        message: expect.any(String),
        hint: "Did you mean `dense`?",
        file: "broken.nnspec",
        range: { start: { line: 3, character: 43 }, end: { line: 3, character: 47 } },
        related: [],
      },
    ],
  });
  expect(JSON.parse((await nnc(["check", "small.nnspec", "--json"], { cwd })).stdout)).toEqual({
    version: 1,
    diagnostics: [],
  });
  const summary = await nnc(["summary", "small.nnspec"], { cwd });
  expect(summary.stdout).toContain("features.dense");
  expect(summary.stdout).toContain("82 parameters");
  expect((await nnc(["explain", "nn3003"], { cwd })).stdout).toContain("Nothing would be left");
  expect((await nnc(["init", "."], { cwd })).code).toBe(0);
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`nnspec\n${readFileSync(join(cwd, "flowers.nnspec"), "utf8")}\`\`\``);
  expect((await nnc(["train", "flowers.nnspec", "--epochs", "2"], { cwd })).code).toBe(0);
  expect((await nnc(["init", "."], { cwd })).code).toBe(1);
});

test("training settings and metrics may change between training and use; the model may not", async () => {
  const cwd = folder();
  const write = (text: string) => writeFileSync(join(cwd, "small.nnspec"), text);
  write(SPEC.replace("epochs: 40", "epochs: 2"));
  await nnc(["train", "small.nnspec"], { cwd });
  write(SPEC.replace("epochs: 40", "epochs: 3").replace("metrics: [mae]", "metrics: [mae, rmse]"));
  const resumed = await nnc(["train", "small.nnspec", "--resume", "--json"], { cwd });
  expect(epochsOf(resumed.stdout).map((e) => e["epoch"])).toEqual([3]);
  write(SPEC.replace("dense(8)", "dense(9)"));
  const refused = await nnc(["evaluate", "small.nnspec"], { cwd });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("NN6007")]);
});
