import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError, type StepEvent } from "../../src/index.js";
import { epochOrder, type EpochOrder } from "../../src/runtime/order.js";
import { compiled, numbers, rows } from "../helpers.js";

const sampling = (name: string, batches: "mixed" | "homogeneous", options = {}) => ({
  sampler: { name, options },
  batches,
  sources: ["a", "b", "c"],
});

/** An epoch over three sources of so many rows, laid one after the other. */
function dealt(
  counts: readonly number[],
  { name = "proportional", batches = "mixed", options = {}, batch = 4, epoch = 0, shuffle = true }: Dealing,
): EpochOrder & { sourceOf: (row: number) => number } {
  const of = Int32Array.from(counts.flatMap((count, i) => Array<number>(count).fill(i)));
  const own = counts.map((_, i) => Int32Array.from([...of.keys()].filter((row) => of[row] === i)));
  const order = epochOrder(
    { rows: of.length, arguments: new Map(), labels: new Map(), sources: { of, rows: own } },
    { sampling: sampling(name, batches, options), batch, seed: 3, epoch, shuffle },
  );
  return { ...order, sourceOf: (row) => of[row]! };
}

interface Dealing {
  readonly name?: string;
  readonly batches?: "mixed" | "homogeneous";
  readonly options?: object;
  readonly batch?: number;
  readonly epoch?: number;
  readonly shuffle?: boolean;
}

function batchesOf({ rows: order, ends }: EpochOrder): number[][] {
  return [...ends].map((end, i) => [...order.subarray(i === 0 ? 0 : ends[i - 1], end)]);
}

describe("samplers", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 3, maxLength: 3 });
  const anyBatches = fc.constantFrom("mixed" as const, "homogeneous" as const);

  test("proportional takes every row once, in another order in each epoch", () =>
    fc.assert(
      fc.property(counts, anyBatches, fc.integer({ min: 1, max: 9 }), (count, batches, batch) => {
        const { rows: order } = dealt(count, { batches, batch });
        expect([...order].sort((x, y) => x - y)).toEqual(
          Array.from({ length: count[0]! + count[1]! + count[2]! }, (_, i) => i),
        );
      }),
    ));

  test.each(["proportional", "uniform", "temperature", "round_robin", "weighted"])(
    "%s: a homogeneous batch is of one source, none is empty or larger than asked",
    (name) =>
      fc.assert(
        fc.property(counts, fc.integer({ min: 1, max: 9 }), (count, batch) => {
          const options = { temperature: 2, shares: { a: 1, b: 2, c: 3 } };
          const order = dealt(count, { name, batches: "homogeneous", batch, options });
          for (const rowsOf of batchesOf(order)) {
            expect(rowsOf.length).toBeGreaterThan(0);
            expect(rowsOf.length).toBeLessThanOrEqual(batch);
            expect(new Set(rowsOf.map(order.sourceOf)).size).toBe(1);
          }
        }),
      ),
  );

  test("round_robin goes from source to source", () => {
    const mixed = dealt([5, 2, 9], { name: "round_robin" });
    expect([...mixed.rows].map(mixed.sourceOf)).toEqual(Array.from({ length: 16 }, (_, i) => i % 3));
    const whole = dealt([5, 2, 9], { name: "round_robin", batches: "homogeneous" });
    expect(batchesOf(whole).map((rowsOf) => whole.sourceOf(rowsOf[0]!))).toEqual([0, 1, 2, 0, 1, 2]);
    // Of the second source's two rows each comes before one comes again.
    const second = [...mixed.rows].filter((row) => mixed.sourceOf(row) === 1);
    expect(new Set(second.slice(0, 2)).size).toBe(2);
  });

  /** The shares of the sources over an epoch of 10,000 rows. */
  function shares(name: string, options = {}): number[] {
    const order = dealt([9000, 900, 100], { name, options });
    const found = [0, 0, 0];
    for (const row of order.rows) found[order.sourceOf(row)]!++;
    return found.map((n) => n / order.rows.length);
  }

  test.each([
    ["uniform", {}, [1 / 3, 1 / 3, 1 / 3]],
    ["temperature", { temperature: 1 }, [0.9, 0.09, 0.01]],
    // √9000 : √900 : √100
    ["temperature", { temperature: 2 }, [94.868 / 134.868, 30 / 134.868, 10 / 134.868]],
    ["weighted", { shares: { a: 1, b: 0, c: 3 } }, [0.25, 0, 0.75]],
  ])("%s(%o) takes sources in their shares", (name, options, expected) => {
    // Five standard deviations of a share of 10,000 draws.
    shares(name, options).forEach((share, i) => {
      const p = expected[i]!;
      expect(Math.abs(share - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / 10_000));
    });
  });

  test("an epoch is the same again for its seed, and another one for another epoch", () => {
    const order = (epoch: number) => [...dealt([20, 10, 5], { name: "uniform", epoch }).rows];
    expect(order(0)).toEqual(order(0));
    expect(order(0)).not.toEqual(order(1));
  });
});

const SPEC = `model Two {
  input x: float[2]
  input z: float[3]
  shared trunk = dense(4, tanh)
  task film { output = x |> trunk |> dense(1)  label: float?  loss: mse  metrics: [mae] }
  task news { output = z |> dense(2) |> trunk |> dense(1)  label: float?  loss: mse }
}
train { optimizer: sgd(lr: 0.05)  epochs: 1  batch: 6  shuffle: false }
data {
  from films: "films.csv"
  from papers: "papers.csv"
  x = films[a, b]
  film = films.stars
  z = papers[p..r]
  news = papers.clicks
}`;

const FILMS = 12;
const PAPERS = 6;
const none = (count: number, width: number) => Array.from({ length: count }, () => Array(width).fill(null));
const stars = numbers(FILMS, 5).map((y, i) => (i % 4 === 3 ? null : y));
const clicks = numbers(PAPERS, 6);
const data = {
  inputs: {
    x: [...rows(FILMS, 2, 3), ...none(PAPERS, 2)],
    z: [...none(FILMS, 3), ...rows(PAPERS, 3, 4)],
  },
  labels: {
    film: [...stars, ...Array(PAPERS).fill(null)],
    news: [...Array(FILMS).fill(null), ...clicks],
  },
  source: [...Array(FILMS).fill("films"), ...Array(PAPERS).fill("papers")],
};

async function stepsOf(spec: string, given: object = data, engine: "reference" | "wasm" = "reference") {
  const model = await compiled(spec).create({ engine, seed: 1 });
  const before = await model.predict({ x: rows(FILMS, 2, 3), z: rows(FILMS, 3, 4) });
  const steps: StepEvent[] = [];
  const result = await model.fit(given as typeof data, { onStep: (event) => steps.push(event) });
  return { model, before, steps, epoch: result.epochs[0]! };
}

const valuesOf = (prediction: unknown) => (prediction as { values: Float32Array }).values;

describe("tasks from several files", () => {
  const homogeneous = SPEC.replace("p..r]", "p..r]\n  batches: homogeneous");

  test("a homogeneous batch trains its own task: the mean over its labelled rows by the presence rate there", async () => {
    const { before, steps, epoch } = await stepsOf(homogeneous);
    expect(steps.map(({ losses }) => [losses["film"] === null, losses["news"] === null])).toEqual([
      [false, true],
      [false, true],
      [true, false],
    ]);
    // Nine of twelve films have stars: the sum over those of the first six rows, by six times three quarters.
    const first = stars.slice(0, 6).map((y, i) => (y === null ? 0 : (valuesOf(before["film"])[i]! - y) ** 2));
    const expected = first.reduce((a, b) => a + b, 0) / (6 * 0.75);
    expect(steps[0]!.losses["film"]).toBeCloseTo(expected, 6);
    // Over the epoch a task's mean is over its own rows, not over the other file's.
    expect(epoch.losses["film"]).toBeCloseTo((steps[0]!.losses["film"]! + steps[1]!.losses["film"]!) / 2, 12);
    expect(epoch.losses["news"]).toBeCloseTo(steps[2]!.losses["news"]!, 12);
  });

  test("the other task's own weights do not move in it", async () => {
    const { model } = await stepsOf(homogeneous, {
      ...data,
      source: data.source,
      labels: { ...data.labels, news: Array(FILMS + PAPERS).fill(null) },
    });
    const fresh = await compiled(homogeneous).create({ engine: "reference", seed: 1 });
    const same = async (path: string) =>
      expect([...(await model.weight(path)).data]).toEqual([...(await fresh.weight(path)).data]);
    await same("news.dense.kernel");
    await same("news.dense_2.kernel");
    expect([...(await model.weight("trunk.dense.kernel")).data]).not.toEqual([
      ...(await fresh.weight("trunk.dense.kernel")).data,
    ]);
  });

  test("in a mixed batch a task counts for its share of the rows", async () => {
    const spec = SPEC.replace("batch: 6", "batch: full");
    const { model, before, steps } = await stepsOf(spec);
    const squares = stars.map((y, i) => (y === null ? 0 : (valuesOf(before["film"])[i]! - y) ** 2));
    const mean = squares.reduce((a, b) => a + b, 0) / 9;
    expect(steps[0]!.losses["film"]).toBeCloseTo(mean, 6);
    // Under sgd the head's bias moves by lr · share · the mean's derivative.
    const slope = stars.reduce<number>(
      (sum, y, i) => sum + (y === null ? 0 : (2 * (valuesOf(before["film"])[i]! - y)) / 9),
      0,
    );
    const share = FILMS / (FILMS + PAPERS);
    expect((await model.weight("film.dense.bias")).data[0]).toBeCloseTo(-0.05 * share * slope, 6);
  });

  test.each(["mixed", "homogeneous"])("%s batches give the same on wasm", async (batches) => {
    const spec = SPEC.replace("p..r]", `p..r]\n  batches: ${batches}\n  sampler: uniform`).replace(
      "epochs: 1",
      "epochs: 4",
    );
    const [reference, wasm] = await Promise.all([stepsOf(spec), stepsOf(spec, data, "wasm")]);
    expect(wasm.steps.length).toBe(reference.steps.length);
    wasm.steps.forEach(({ losses }, i) =>
      Object.entries(losses).forEach(([task, loss]) => {
        const expected = reference.steps[i]!.losses[task]!;
        if (expected === null) expect(loss).toBeNull();
        else
          expect(Math.abs(loss! - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThanOrEqual(1e-4);
      }),
    );
  });

  test("a batch norm of a task's own keeps its statistics in the other task's batches", async () => {
    const spec = homogeneous.replace("z |> dense(2)", "z |> dense(2) |> batch_norm");
    const { model } = await stepsOf(spec, {
      ...data,
      labels: { ...data.labels, news: Array(18).fill(null) },
    });
    expect([...(await model.weight("news.batch_norm.moving_mean")).data]).toEqual([0, 0]);
    const moved = await stepsOf(spec);
    expect([...(await moved.model.weight("news.batch_norm.moving_mean")).data]).not.toEqual([0, 0]);
  });

  test("tasks are predicted whose inputs are there", async () => {
    const { model } = await stepsOf(homogeneous);
    expect(Object.keys(await model.predict({ x: rows(2, 2) }))).toEqual(["film"]);
    expect(Object.keys(await model.predictOne({ z: [1, 2, 3] }))).toEqual(["news"]);
    const report = await model.evaluate(data);
    expect(report.losses["film"]).toBeGreaterThan(0);
    expect(report.metrics["film"]!["mae"]).toBeGreaterThan(0);
  });

  test.each([
    ["no source", { source: undefined }, "source is missing: which of films, papers each row is of."],
    ["an unknown source", { source: Array(18).fill("film") }, 'source, row 0: there is no class "film"'],
    [
      "an input lacking where it is needed",
      { source: Array(18).fill("films") },
      "inputs.x, row 12: a value is missing",
    ],
    [
      "a label of rows whose source lacks what the task looks at",
      { labels: { ...data.labels, film: [...stars, 1, ...Array(PAPERS - 1).fill(null)] } },
      "labels.film, row 12: the row is of papers, which lacks inputs of the task.",
    ],
  ])("%s is refused", async (_, change, message) => {
    const model = await compiled(SPEC).create({ engine: "reference" });
    const fit = () => model.fit({ ...data, ...change } as typeof data);
    await expect(fit()).rejects.toThrow(InputError);
    await expect(fit()).rejects.toThrow(message);
  });
});

describe("row weights", () => {
  const WEIGHED = `model One {
    input x: float[2]
    h = x |> dense(2, tanh)
    task a { output = h |> dense(1)  label: float  loss: mse }
    task b { output = h |> dense(1)  label: float  loss: mse }
  }
  train { optimizer: sgd(lr: 0.1)  epochs: 1  batch: full }
  data { from: "one.csv"  x = [p, q]  a = a  b = b  row_weight: w  row_weight b: v }`;

  test("of all tasks and of one: they multiply", async () => {
    const model = await compiled(WEIGHED).create({ engine: "reference", seed: 2 });
    const [x, a, b] = [rows(4, 2, 7), numbers(4, 8), numbers(4, 9)];
    const predictions = await model.predict({ x });
    const [w, v] = [
      [1, 2, 0, 3],
      [0.5, 1, 4, 2],
    ];
    const steps: StepEvent[] = [];
    await model.fit(
      { inputs: { x }, labels: { a, b }, rowWeight: w, rowWeights: { b: v } },
      { onStep: (event) => steps.push(event) },
    );
    const mean = (y: number[], task: string, weight: (i: number) => number) =>
      y.reduce((sum, yi, i) => sum + weight(i) * (valuesOf(predictions[task])[i]! - yi) ** 2, 0) / 4;
    expect(steps[0]!.losses["a"]).toBeCloseTo(
      mean(a, "a", (i) => w[i]!),
      6,
    );
    expect(steps[0]!.losses["b"]).toBeCloseTo(
      mean(b, "b", (i) => w[i]! * v[i]!),
      6,
    );
    const given = { inputs: { x }, labels: { a, b }, rowWeights: { c: v } };
    await expect(model.fit(given)).rejects.toThrow(
      "rowWeights.c: tasks whose rows have weights of their own: b.",
    );
  });
});
