import fc from "fast-check";
import { expect, test } from "vitest";
import { classEpisodes, type Episode } from "../../src/index.js";
import { uniformOf } from "../../src/runtime/meta/episodes.js";
import { compiled, numbers } from "../helpers.js";

/** Rows whose only number says which row it is. */
const numbered = (classes: readonly string[]) => ({
  inputs: { x: Float64Array.from(classes, (_, i) => i) },
  classes,
});

const xOf = ({ inputs }: Episode["support"]) => [...(inputs["x"] as Float64Array)];
const labelsOf = ({ labels }: Episode["support"]) => labels["t"] as number[];

test("support and query share no row, each class has its share, and an index stands for one class", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(1000),
      (ways, support, query, episode) => {
        const classes = Array.from({ length: 60 }, (_, i) => "abcdef"[i % 6]!);
        const draw = classEpisodes(numbered(classes), ["a", "b", "c", "d", "e", "f"], { ways, task: "t" });
        const sizes = { support: support * ways, query: query * ways };
        const drawn = draw(uniformOf(3, "train", episode), sizes);
        const [s, q] = [xOf(drawn.support), xOf(drawn.query)];
        expect(new Set([...s, ...q]).size).toBe((support + query) * ways);
        const classOf = new Map<number, Set<string>>();
        for (const part of [drawn.support, drawn.query])
          labelsOf(part).forEach((label, i) => {
            const names = classOf.get(label) ?? new Set();
            classOf.set(label, names.add(classes[xOf(part)[i]!]!));
          });
        expect([...classOf.keys()].sort()).toEqual(Array.from({ length: ways }, (_, i) => i));
        expect([...classOf.values()].every((names) => names.size === 1)).toBe(true);
        for (let way = 0; way < ways; way++) {
          expect(labelsOf(drawn.support).filter((label) => label === way)).toHaveLength(support);
          expect(labelsOf(drawn.query).filter((label) => label === way)).toHaveLength(query);
        }
        // The same task again for the same number.
        expect(draw(uniformOf(3, "train", episode), sizes)).toEqual(drawn);
      },
    ),
  ));

test("every class has every index as often as any other", () => {
  const classes = Array.from({ length: 30 }, (_, i) => "abc"[i % 3]!);
  const draw = classEpisodes(numbered(classes), ["a", "b", "c"], { ways: 3, task: "t" });
  const counts = new Map<string, number>();
  for (let e = 0; e < 900; e++) {
    const { support } = draw(uniformOf(1, "train", e), { support: 3, query: 3 });
    labelsOf(support).forEach((label, i) => {
      const key = `${classes[xOf(support)[i]!]} ${label}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  expect(counts.size).toBe(9);
  // 300 each, with a standard deviation of 14.
  for (const count of counts.values()) expect(Math.abs(count - 300)).toBeLessThan(70);
});

const SPEC = `model Few {
  input x: float[4]
  task t {
    output = x |> dense(32, tanh) |> dense(ways, softmax)
    label: category(ways)
    loss: categorical_crossentropy
    metrics: [accuracy]
  }
}
meta {
  algorithm: maml(inner_steps: 3, inner_lr: 0.5)
  episode: { ways: 3, support: 2, query: 5 }
  tasks_per_step: 4
  optimizer: adam(lr: 0.01)
}`;

/** Eight classes, each a cloud of its own. */
const clouds = () => {
  const classes = Array.from({ length: 160 }, (_, i) => String(i % 8));
  const centers = Array.from({ length: 8 }, (_, c) => numbers(4, 50 + c).map((v) => 2 * v));
  const noise = numbers(640, 9);
  const x = Float64Array.from({ length: 640 }, (_, i) => centers[(i >> 2) % 8]![i % 4]! + 0.4 * noise[i]!);
  return { inputs: { x }, classes };
};

test("the memorization trap is closed: without adaptation the accuracy is chance, even on classes that were trained on", async () => {
  const model = await compiled(SPEC).createMeta({ seed: 1 });
  const draw = classEpisodes(clouds(), ["0", "1", "2", "3", "4", "5", "6", "7"], { ways: 3, task: "t" });
  await model.metaFit({ steps: 400, draw });
  const accuracy = async (steps: number) =>
    (await model.metaEvaluate({ steps, draw, episodes: 300 })).metrics["t"]!["accuracy"]!.mean!;
  expect(await accuracy(3)).toBeGreaterThan(0.85);
  // A third, with a standard deviation of an episode's accuracy of at most ½ over √300.
  expect(Math.abs((await accuracy(0)) - 1 / 3)).toBeLessThan(0.08);
});
