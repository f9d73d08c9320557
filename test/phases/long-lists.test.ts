import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

/** More than the stack has room for as arguments of one call. */
const MANY = 250_000;

const task = "task y { output = x |> dense(1) label: float loss: mse }";
const model = (body: string) => `model Long {\n  input x: float[8]\n  ${body}\n  ${task}\n}\n`;
const list = (of: (i: number) => string, length = MANY) => Array.from({ length }, (_, i) => of(i)).join(", ");

const texts: readonly (readonly [string, string])[] = [
  ["escapes of a string", `const s = "${"\\q".repeat(MANY)}"\n${model("")}`],
  ["segments of a path", `${model("")}train { freeze: [${"*.".repeat(MANY)}*] }`],
  ["columns", `${model("")}data { from: "a.csv"  y = a  x = [${list((i) => `c${i}`)}] }`],
  ["arguments", model(`h = concat(${list(() => "x")})`)],
  // As many as a model can have.
  ["arguments that a layer takes", model(`h = concat(${list(() => "x", 145_000)})`)],
  ["items of a list", model(`h = add([${list(() => "x")}])`)],
  ["names of an import", `import { ${list((i) => `n${i}`)} } from "./a.nnspec"\n${model("")}`],
  ["monitors", `${model("")}train { stop: early(monitor: [${list(() => "validation.loss")}]) }`],
];

test.each(texts)("a check ends without a crash, however long a list is: %s", (_name, text) => {
  expect(() => compile(text, { path: "long.nnspec", read: () => undefined })).not.toThrow();
});
