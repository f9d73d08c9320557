import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../src/index.js";
import { compiled } from "../helpers.js";

const SPEC = `model M {
  input pairs: float[4, 2]
  input image: float[4, 5, 3]
  input gray: float[3, 3, 1]
  input x: float
  h = concat(pairs |> flatten, image |> flatten, gray |> flatten, x)
  task t { output = h |> dense(2)  label: float[2]  loss: mse }
}`;

/** Lists nested as the shape says. */
function nested(
  shape: readonly number[],
  value: (at: number[]) => unknown = () => 0.5,
  at: number[] = [],
): unknown {
  if (shape.length === 0) return value(at);
  return Array.from({ length: shape[0]! }, (_, i) => nested(shape.slice(1), value, [...at, i]));
}

const good = {
  pairs: nested([2, 4, 2]),
  image: nested([2, 4, 5, 3]),
  gray: nested([2, 3, 3, 1]),
  x: [1, 2],
};

let model: Model;
beforeAll(async () => {
  model = await compiled(SPEC).create({ engine: "reference" });
});

describe("a row that is nested in another way than its shape says is refused", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "transposed",
      { pairs: nested([2, 2, 4]) },
      "inputs.pairs, row 0: the shape [4, 2] is expected, and [2, 4] was found; it looks transposed.",
    ],
    [
      "in a later row",
      { pairs: [nested([4, 2]), nested([2, 4])] },
      "inputs.pairs, row 1: the shape [4, 2] is expected, and [2, 4] was found; it looks transposed.",
    ],
    [
      "ragged, with as many values",
      { pairs: [nested([4, 2]), [[1, 2, 3], [4], [5, 6], [7, 8]]] },
      "inputs.pairs, row 1: the shape [4, 2] is expected, and the list is ragged: 3 values at [0] and 1 values at [1].",
    ],
    [
      "numbers beside lists",
      { pairs: [nested([4, 2]), [[1, 2], 3, 4, [5, 6], [7, 8]]] },
      "inputs.pairs, row 1: the shape [4, 2] is expected, and the list is ragged: 2 values at [0] and a single value at [1].",
    ],
    [
      "channels first",
      { image: nested([2, 3, 4, 5]) },
      "inputs.image, row 0: the shape [4, 5, 3] is expected, and [3, 4, 5] was found; channels come last: transpose [channels, height, width] to [height, width, channels].",
    ],
    [
      "channels first, of one channel",
      { gray: nested([2, 1, 3, 3]) },
      "inputs.gray, row 0: the shape [3, 3, 1] is expected, and [1, 3, 3] was found; channels come last: transpose [channels, height, width] to [height, width, channels].",
    ],
    [
      "typed arrays of another length within",
      { pairs: [0, 1].map(() => [new Float32Array(4), new Float32Array(4)]) },
      "inputs.pairs, row 0: the shape [4, 2] is expected, and [2, 4] was found; it looks transposed.",
    ],
    [
      "one level flat",
      { image: nested([2, 4, 15]) },
      "inputs.image, row 0: the shape [4, 5, 3] is expected, and [4, 15] was found.",
    ],
    [
      "a list too many",
      { pairs: nested([2, 1, 4, 2]) },
      "inputs.pairs, row 0: the shape [4, 2] is expected, and [1, 4, 2] was found; take the list around it away.",
    ],
    [
      "a row where rows belong",
      { pairs: nested([4, 2]) },
      "inputs.pairs, row 0: the shape [4, 2] is expected, and [2] was found; put the row in a list: there are rows of it.",
    ],
    [
      "two numbers for one",
      {
        x: [
          [1, 2],
          [3, 4],
        ],
      },
      "inputs.x, row 0: a single value is expected, and [2] was found.",
    ],
    [
      "a wrong length",
      { pairs: nested([2, 4, 3]) },
      "inputs.pairs, row 0: the shape [4, 2] is expected, and [4, 3] was found.",
    ],
  ])("%s", async (_, wrong, message) => {
    await expect(model.predict({ ...good, ...wrong })).rejects.toThrow(message);
    await expect(model.predict({ ...good, ...wrong })).rejects.toMatchObject({ name: "InputError" });
  });

  test("in labels, and in predictOne", async () => {
    const row = { pairs: nested([4, 2]), image: nested([4, 5, 3]), gray: nested([3, 3, 1]), x: 1 };
    const evaluate = async (labels: Record<string, unknown>): Promise<unknown> =>
      model.evaluate({ inputs: good, labels });
    const t = [
      [1, 2],
      [3, 4, 5],
    ];
    await expect(evaluate({ t })).rejects.toThrow(
      "labels.t, row 1: the shape [2] is expected, and [3] was found.",
    );
    await expect(model.predictOne({ ...row, image: nested([3, 4, 5]) })).rejects.toThrow(
      "inputs.image, row 0: the shape [4, 5, 3] is expected, and [3, 4, 5] was found; channels come last",
    );
    expect(await model.predictOne(row)).toEqual(await model.predictOne({ ...row, image: nested([60]) }));
  });

  test("a list that holds itself", async () => {
    const loop: unknown[] = [];
    loop.push(loop);
    await expect(model.predict({ ...good, pairs: [loop, loop] })).rejects.toThrow("it is nested too deeply");
  });
});

test("nested, flat by rows, flat as a whole and typed are the same rows", async () => {
  const value = (at: number[]) => at.reduce((sum, i) => sum * 3 + i, 1) % 17;
  const lists = nested([2, 4, 5, 3], value) as number[][][][];
  const flat = lists.flat(3);
  const forms: unknown[] = [
    lists,
    flat,
    Float32Array.from(flat),
    [flat.slice(0, 60), flat.slice(60)],
    lists.map((row) => Float64Array.from(row.flat(2))),
    lists.map((row) => row.map((line) => Float32Array.from(line.flat()))),
  ];
  const expected = await model.predict({ ...good, image: lists });
  for (const image of forms) expect(await model.predict({ ...good, image })).toEqual(expected);
  // A last dimension of one may be left out.
  expect(await model.predict({ ...good, gray: nested([2, 3, 3]) })).toEqual(await model.predict(good));
});
