import { describe, expect, it } from "vitest";
import * as op from "../../src/runtime/wasm/opcodes.js";
import { randomUniform } from "../../src/runtime/random.js";
import * as special from "../../src/tensor/kernels/special.js";
import { Workbench, type ChainCode, type Guarded, type Instruction } from "./assemble.js";
import { variants } from "./arena.js";
import {
  bit,
  ELEMENTWISE,
  expectNear,
  expectSum,
  read,
  shapesOf,
  valuesOf,
  type Elementwise,
  type Kind,
  type Shape,
} from "./elementwise.js";

const F = "float";
const I = "int";
const M = "mask";

const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 1000];
const exercised = new Set<number>(ELEMENTWISE.map(({ opcode }) => opcode));
const plan = <T extends Instruction>(instruction: T): T => {
  exercised.add(instruction.opcode);
  return instruction;
};

const elements = (...buffers: Guarded[]) => buffers.map(({ address }) => [address, op.BY_ELEMENTS] as const);
const byRows = (...buffers: Guarded[]) => buffers.map(({ address }) => [address, op.BY_ROWS] as const);
const fixed = (...buffers: Guarded[]) => buffers.map(({ address }) => [address, op.FIXED] as const);

describe.each(variants)("chain, $name", ({ relaxed, skip }) => {
  const bench = new Workbench(relaxed);
  /** A buffer of four equal lanes. */
  const scalar = (value: number, as: "float" | "int" = "float"): Guarded =>
    bench.buffer(4, [value, value, value, value], as);

  function tryElementwise(e: Elementwise, count: number, shape: Shape, splats: number): void {
    bench.reset();
    const inputs = e.takes.map((kind, i) => {
      const values = valuesOf(kind, splats & (1 << i) ? 1 : count, e.from);
      const as = kind === "float" ? "float" : "int";
      return {
        values,
        splat: (splats & (1 << i)) !== 0,
        buffer: splats & (1 << i) ? scalar(values[0]!, as) : bench.buffer(count, values, as),
      };
    });
    const out = bench.buffer(count);
    const registers = [out, ...inputs.map((x) => x.buffer)].map(
      ({ address }, i) => [address, i > 0 && inputs[i - 1]!.splat ? op.FIXED : shape.kind] as const,
    );
    const body = [{ opcode: e.opcode, length: shape.length, splats, dst: 0, a: 1, b: 2, c: 3 }].map((x) => ({
      ...x,
      b: e.takes.length > 1 ? 2 : 0,
      c: e.takes.length > 2 ? 3 : 0,
    }));
    bench.run({ row: shape.row, tile: shape.tile, registers, body }, 0, shape.elements);
    const wanted = Array.from({ length: count }, (_, i) =>
      e.f(...inputs.map((x) => x.values[x.splat ? 0 : i]!)),
    );
    expectNear(
      read(out, e.gives),
      wanted,
      e.ulps ?? 0.5001,
      `opcode ${e.opcode}, ${JSON.stringify({ count, splats, ...shape })}`,
    );
    bench.expectIntact();
  }

  it.skipIf(skip).each(ELEMENTWISE)(
    "opcode $opcode lane by lane, in every length and with every scalar",
    (e) => {
      for (const count of LENGTHS) {
        for (const shape of shapesOf(count)) {
          for (let splats = 0; splats < 1 << e.takes.length; splats++)
            tryElementwise(e, count, shape, splats);
        }
      }
      const single = { length: op.ONE, kind: op.FIXED, row: 5, tile: 20, elements: 20 };
      tryElementwise(e, 4, single, 0);
    },
  );

  it.skipIf(skip)("leaves the rows of the next tile as they are, where it writes to what it reads", () => {
    for (const dtype of [op.ADD, op.ADD_INT]) {
      bench.reset();
      const x = bench.buffer(
        50,
        Array.from({ length: 50 }, (_, i) => i),
        dtype === op.ADD ? "float" : "int",
      );
      const step = scalar(1, dtype === op.ADD ? "float" : "int");
      const registers = [...byRows(x), ...fixed(step)];
      const body = [{ opcode: dtype, length: op.ROW, splats: op.SPLAT_B, dst: 0, a: 0, b: 1 }];
      bench.run({ row: 4, tile: 12, registers, body }, 0, 200);
      expect([...(dtype === op.ADD ? x.floats() : x.ints())]).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
      bench.expectIntact();
    }
  });

  it.skipIf(skip)("computes NaN, infinity and wrapped ints as the reference does", () => {
    const finite = [0, 1, 0.5, 2, 2.5, 3, 1e10, 3e9, 2 ** 31, 2 ** 32 + 2 ** 9, 2 ** 63, 1e30];
    const numbers = [NaN, Infinity, -Infinity, ...finite, ...finite.map((x) => -x)];
    const pairs = numbers.flatMap((x) => numbers.map((y) => [Math.fround(x), Math.fround(y)] as const));
    const first = pairs.map(([p]) => p);
    const second = pairs.map(([, q]) => q);
    const sets: [number, (x: number, y: number) => number, Kind][] = [
      [op.POW, (x, y) => x ** y, F],
      [op.MAX, Math.max, F],
      [op.MIN, Math.min, F],
      [op.EQ, (x, y) => bit(x === y), M],
      [op.LT, (x, y) => bit(x < y), M],
      [op.LE, (x, y) => bit(x <= y), M],
      [op.FLOAT_TO_INT, (x) => Math.trunc(x) | 0, I],
      [op.FLOAT_TO_MASK, (x) => bit(x !== 0), M],
      [op.SIGN, Math.sign, F],
      [op.MOD, special.mod, F],
    ];
    for (const [opcode, f, gives] of sets) {
      bench.reset();
      const x = bench.buffer(pairs.length, first);
      const y = bench.buffer(pairs.length, second);
      const out = bench.buffer(pairs.length);
      const registers = elements(out, x, y);
      bench.run({ row: 1, tile: 16, registers, body: [{ opcode, dst: 0, a: 1, b: 2 }] }, 0, pairs.length);
      const wanted = pairs.map(([p, q]) => f(p, q));
      expectNear(read(out, gives), wanted, 0.5001, `opcode ${opcode}`);
    }
  });

  /** Runs a body whose register 0 is the output and 1 the input, both by elements. */
  function fill(
    count: number,
    tile: number,
    row: number,
    instruction: Instruction,
    input: Guarded,
    kind: number,
    begin = 0,
  ): Guarded {
    const out = bench.buffer(count, new Float32Array(count).fill(-7));
    const registers = [...elements(out), [input.address, kind] as const];
    bench.run({ row, tile, registers, body: [plan(instruction)] }, begin, count);
    bench.expectIntact();
    return out;
  }

  const ROWS = [1, 2, 3, 4, 5, 10, 64, 100];

  it.skipIf(skip).each(ROWS)("expands and repeats over rows of %i", (row) => {
    for (const rows of [1, 2, 3, 7, 16]) {
      for (const tile of new Set([row * rows, 4 * row])) {
        if (tile % 4 !== 0 && tile < row * rows) continue;
        bench.reset();
        const count = row * rows;
        const ofRows = valuesOf(F, rows);
        const vector = valuesOf(F, row);
        const expanded = fill(
          count,
          tile,
          row,
          { opcode: op.EXPAND, dst: 0, a: 1 },
          bench.buffer(rows, ofRows),
          op.BY_ROWS,
        );
        expect([...expanded.floats()]).toEqual(
          Array.from({ length: count }, (_, i) => ofRows[Math.floor(i / row)]),
        );
        const repeated = fill(
          count,
          tile,
          row,
          { opcode: op.REPEAT, dst: 0, a: 1 },
          bench.buffer(row, vector),
          op.FIXED,
        );
        expect([...repeated.floats()]).toEqual(Array.from({ length: count }, (_, i) => vector[i % row]));
      }
    }
  });

  const VIEWS: { name: string; axes: (readonly [size: number, stride: number])[]; offset?: number }[] = [
    { name: "a run", axes: [[60, 1]] },
    { name: "a scalar", axes: [] },
    {
      name: "one number for all",
      axes: [
        [5, 0],
        [12, 0],
      ],
    },
    {
      name: "rows with a gap",
      axes: [
        [4, 20],
        [15, 1],
      ],
    },
    {
      name: "a transposition",
      axes: [
        [12, 1],
        [5, 12],
      ],
    },
    {
      name: "five axes",
      axes: [
        [2, 120],
        [2, 1],
        [3, 8],
        [2, 4],
        [5, 24],
      ],
    },
    {
      name: "broadcast in the middle",
      axes: [
        [4, 5],
        [3, 0],
        [5, 1],
      ],
    },
    {
      name: "reversed",
      axes: [
        [6, -10],
        [10, -1],
      ],
      offset: 59,
    },
    {
      name: "every other",
      axes: [
        [6, 10],
        [5, 2],
        [1, 1],
      ],
    },
  ];

  it.skipIf(skip).each(VIEWS)("loads $name", ({ axes, offset = 0 }) => {
    const count = axes.reduce((n, [size]) => n * size, 1);
    const places = Array.from({ length: count }, (_, i) => {
      let [rest, place] = [i, offset];
      for (const [size, stride] of [...axes].reverse())
        [rest, place] = [Math.floor(rest / size), place + (rest % size) * stride];
      return place;
    });
    for (const [tile, begin] of [
      [count, 0],
      [8, 0],
      [8, 8],
      [20, 40],
    ] as const) {
      if (begin >= count && begin > 0) continue;
      bench.reset();
      const size = Math.max(...places) + 1;
      const source = bench.buffer(
        size,
        Float32Array.from({ length: size }, (_, i) => i),
      );
      const shifted: Guarded = { ...source, address: source.address + 4 * offset };
      const instruction = { opcode: op.LOAD, dst: 0, a: 1, parameters: [axes.length, ...axes.flat()] };
      const out = fill(count, tile, 1, instruction, shifted, op.FIXED, begin).floats();
      expect([...out.subarray(begin)]).toEqual(places.slice(begin));
      expect([...out.subarray(0, begin)].every((x) => x === -7)).toBe(true);
    }
  });

  it.skipIf(skip)("makes scalars, zeros and counts", () => {
    bench.reset();
    const value = bench.buffer(1, [2.5]);
    const [all, rows, lanes, vector] = [10, 2, 4, 5].map((n) =>
      bench.buffer(n, new Float32Array(n).fill(9)),
    ) as [Guarded, Guarded, Guarded, Guarded];
    const registers = [...elements(all), ...byRows(rows), ...fixed(lanes, vector, value)];
    const zeros = [op.FULL, op.ROW, op.ONE, op.ROW_VECTOR].map((length, dst) =>
      plan({ opcode: op.ZERO, length, dst }),
    );
    bench.run({ row: 5, tile: 20, registers, body: zeros }, 0, 10);
    for (const buffer of [all, rows, lanes, vector]) expect(buffer.floats().every((x) => x === 0)).toBe(true);
    bench.run(
      { row: 5, tile: 20, registers, body: [plan({ opcode: op.SPLAT, length: op.ONE, dst: 2, a: 4 })] },
      0,
      10,
    );
    expect([...lanes.floats()]).toEqual([2.5, 2.5, 2.5, 2.5]);
    bench.expectIntact();
  });

  it.skipIf(skip)("counts along any axis", () => {
    for (const [count, tile, begin] of [
      [1, 1, 0],
      [7, 7, 0],
      [100, 8, 0],
      [1000, 40, 80],
    ] as const) {
      for (const [every, size] of [
        [1, 10],
        [1, 1],
        [1, 3],
        [3, 4],
        [10, 7],
        [5, 1000],
      ] as const) {
        bench.reset();
        const instruction = { opcode: op.COUNT, dst: 0, b: every, c: size };
        const out = fill(count, tile, 1, instruction, scalar(0), op.FIXED, begin).ints();
        const wanted = Array.from({ length: count }, (_, e) => Math.floor(e / every) % size);
        expect([...out.subarray(begin)]).toEqual(wanted.slice(begin));
      }
    }
  });

  it.skipIf(skip)("draws the numbers of the reference, bit for bit", () => {
    for (const [seed, stream, step] of [
      [0, 0, 0],
      [42, 7, 3],
      [-5, 0xfedcba98, 123456],
    ] as const) {
      for (const [count, tile, begin] of [
        ...LENGTHS.map((n) => [n, n, 0] as const),
        [1000, 4, 0],
        [1000, 12, 12],
        [1000, 64, 512],
        [999, 40, 80],
      ] as const) {
        bench.reset();
        const out = bench.buffer(count);
        const registers = [...elements(out), ...fixed(scalar(seed, "int"), scalar(step, "int"))];
        const body = [plan({ opcode: op.RANDOM, dst: 0, a: 1, b: 2, c: stream | 0 })];
        bench.run({ row: 1, tile, registers, body }, begin, count);
        expect(out.floats().subarray(begin)).toEqual(
          randomUniform(seed, stream, step, count).subarray(begin),
        );
        bench.expectIntact();
      }
    }
  });

  it.skipIf(skip).each(ROWS)("sums and maximises rows of %i", (row) => {
    for (const rows of [1, 3, 4, 9, 50]) {
      for (const tile of [4 * row, 12 * row]) {
        for (const isInt of [false, true]) {
          bench.reset();
          const values = valuesOf(isInt ? I : F, row * rows);
          const x = bench.buffer(row * rows, values, isInt ? "int" : "float");
          const sums = bench.buffer(rows);
          const maxima = bench.buffer(rows);
          const registers = [...byRows(sums, maxima), ...elements(x)];
          const body = [
            plan({ opcode: isInt ? op.ROW_SUM_INT : op.ROW_SUM, dst: 0, a: 2 }),
            plan({ opcode: isInt ? op.ROW_MAX_INT : op.ROW_MAX, dst: 1, a: 2 }),
          ];
          bench.run({ row, tile, registers, body }, 0, row * rows);
          for (let i = 0; i < rows; i++) {
            const own = values.subarray(i * row, (i + 1) * row);
            expectSum((isInt ? sums.ints() : sums.floats())[i]!, own);
            expect((isInt ? maxima.ints() : maxima.floats())[i]).toBe(Math.max(...own));
          }
          bench.expectIntact();
        }
      }
    }
  });

  it.skipIf(skip)("takes NaN for a row's maximum only where it comes first", () => {
    for (const row of [1, 2, 3, 4, 5, 8, 13, 64]) {
      for (let nan = 0; nan < row; nan++) {
        bench.reset();
        const values = Float32Array.from({ length: 2 * row }, (_, i) =>
          i % row === nan ? NaN : -1 - (i % row),
        );
        const out = bench.buffer(2);
        const registers = [...byRows(out), ...elements(bench.buffer(2 * row, values))];
        bench.run(
          { row, tile: 2 * row, registers, body: [{ opcode: op.ROW_MAX, dst: 0, a: 1 }] },
          0,
          2 * row,
        );
        expect([...out.floats()]).toEqual(nan === 0 ? [NaN, NaN] : [-1, -1]);
      }
    }
  });

  it.skipIf(skip).each(ROWS)("sums columns and everything in tiles of rows of %i", (row) => {
    for (const rows of [1, 2, 3, 5, 50]) {
      for (const isInt of [false, true]) {
        bench.reset();
        const kind = isInt ? I : F;
        const values = valuesOf(kind, row * rows);
        const x = bench.buffer(row * rows, values, isInt ? "int" : "float");
        const columns = bench.buffer(row);
        const total = bench.buffer(4);
        const registers = [...fixed(columns, total), ...elements(x)];
        const code: ChainCode = {
          row,
          tile: 4 * row,
          registers,
          prologue: [
            plan({ opcode: op.ZERO, length: op.ROW_VECTOR, dst: 0 }),
            { opcode: op.ZERO, length: op.ONE, dst: 1 },
          ],
          body: [
            plan({ opcode: isInt ? op.COLUMN_SUM_INT : op.COLUMN_SUM, dst: 0, a: 2 }),
            plan({ opcode: isInt ? op.TOTAL_SUM_INT : op.TOTAL_SUM, dst: 1, a: 2 }),
          ],
          epilogue: [plan({ opcode: isInt ? op.LANE_SUM_INT : op.LANE_SUM, length: op.ONE, dst: 1, a: 1 })],
        };
        bench.run(code, 0, row * rows);
        for (let j = 0; j < row; j++) {
          expectSum(
            read(columns, kind)[j]!,
            values.filter((_, i) => i % row === j),
            `column ${j}`,
          );
        }
        for (const lane of read(total, kind)) expectSum(lane, values, "total");
        bench.expectIntact();
      }
    }
  });

  it.skipIf(skip)("goes on from a tile inside, and runs prologue and epilogue where there is nothing", () => {
    bench.reset();
    const x = bench.buffer(
      103,
      Float32Array.from({ length: 103 }, (_, i) => i),
    );
    const out = bench.buffer(103, new Float32Array(103).fill(-1));
    const total = bench.buffer(4);
    const registers = [...elements(out, x), ...fixed(total)];
    const code: ChainCode = {
      row: 1,
      tile: 16,
      registers,
      prologue: [{ opcode: op.ZERO, length: op.ONE, dst: 2 }],
      body: [
        { opcode: op.COPY, dst: 0, a: 1 },
        { opcode: op.TOTAL_SUM, dst: 2, a: 1 },
      ],
      epilogue: [{ opcode: op.LANE_SUM, length: op.ONE, dst: 2, a: 2 }],
    };
    bench.run(code, 48, 96);
    expect([...out.floats()]).toEqual(Array.from({ length: 103 }, (_, i) => (i >= 48 && i < 96 ? i : -1)));
    expectSum(total.floats()[0]!, x.floats().subarray(48, 96));
    bench.run(code, 0, 0);
    expect([...total.floats()]).toEqual([0, 0, 0, 0]);
    bench.expectIntact();
  });

  it.skipIf(skip)("runs the softmax of rows", () => {
    bench.reset();
    const [row, rows] = [10, 7];
    const values = valuesOf(F, row * rows);
    const [out, x] = [bench.buffer(70), bench.buffer(70, values)];
    const [inner, wide] = [bench.buffer(8), bench.buffer(40)];
    const registers = [...elements(out, x), ...fixed(inner, wide)];
    const body = [
      { opcode: op.ROW_MAX, length: op.ROW, dst: 2, a: 1 },
      { opcode: op.EXPAND, dst: 3, a: 2 },
      { opcode: op.SUB, dst: 3, a: 1, b: 3 },
      { opcode: op.EXP, dst: 3, a: 3 },
      { opcode: op.ROW_SUM, length: op.ROW, dst: 2, a: 3 },
      { opcode: op.EXPAND, dst: 0, a: 2 },
      { opcode: op.DIV, dst: 0, a: 3, b: 0 },
    ];
    bench.run({ row, tile: 40, registers, body }, 0, 70);
    for (let i = 0; i < rows; i++) {
      const own = [...values.subarray(i * row, (i + 1) * row)];
      const total = own.reduce((sum, v) => sum + Math.exp(v), 0);
      expectNear(
        out.floats().subarray(i * row, (i + 1) * row),
        own.map((v) => Math.exp(v) / total),
        8,
        "softmax",
      );
    }
    bench.expectIntact();
  });
});

it("has tried every opcode", () => {
  const others =
    /^(FULL|ROW|ONE|ROW_VECTOR|SPLAT_[ABC]|CODE_.*|FIXED|BY_.*|INSTRUCTION|ACCUMULATE|BIAS|RELU)$/;
  const opcodes = Object.entries(op).filter(([name]) => !others.test(name));
  expect(opcodes.filter(([, code]) => !exercised.has(code)).map(([name]) => name)).toEqual([]);
  expect(new Set(opcodes.map(([, code]) => code)).size).toBe(opcodes.length);
});
