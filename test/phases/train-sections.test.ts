import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

const repeated = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join("\n");

/** A model of so many tasks, each with two weights. */
const model = (tasks: number) =>
  `model Many { input x: float[4]\n${repeated(tasks, (i) => `task t${i} { output = x |> dense(1) label: float loss: mse }`)}\n}`;

function check(tasks: number, sections: number, setting: (i: number) => string) {
  const text = `${model(tasks)}\n${repeated(sections, (i) => `train a${i} { ${setting(i)} }`)}`;
  return compile(text, { path: "many.nnspec", read: () => undefined }).diagnostics;
}

test.each([
  (i: number) => `freeze: [t${i}.*]`,
  (i: number) => `freeze t${i}.*: { until: 3 }`,
  (i: number) => `optimizer: sgd  optimizer t${i}.*: adam`,
])(
  "train sections that have more patterns of their own than is checked are refused, at the first of these",
  (setting) => {
    const told = check(2_000, 1_000, setting);
    expect(told.map(({ code }) => code)).toEqual(["NN2024"]);
    const [{ span, message }] = told as [(typeof told)[0]];
    const name = /^train (a\d+)/.exec(span.source.text.slice(span.start))?.[1];
    expect(message).toContain(`\`train ${name}\``);
    expect(message).toContain("4000 weights");
  },
);

test("as many sections with the same patterns are fine, and some with their own", () => {
  expect(check(2_000, 1_000, () => "freeze: [t0.*]")).toEqual([]);
  expect(check(2_000, 20, (i) => `freeze: [t${i}.*]`)).toEqual([]);
});

test("each section of the same settings has its messages", () => {
  const told = check(2, 3, () => "freeze: [none.*]  optimizer t0.*: sgd  optimizer t0.dense.*: adam");
  const places = (code: string) => told.filter((d) => d.code === code).map(({ span }) => span.start);
  for (const code of ["NN5001", "NN5002", "NN5009"]) expect(new Set(places(code)).size).toBe(3);
});
