import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nnc, temporaryFolder } from "./run.js";

const MODEL = "model M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }";
const withData = (file: string) =>
  `${MODEL}\ntrain { epochs: 1 }\ndata { from: ${JSON.stringify(file)}  x = [a, b]  t = y  split: { train: 0.8, test: 0.2 } }`;

const wide = (() => {
  const extra = Array.from({ length: 1_000_000 }, (_, i) => i);
  const row = (first: string) => `${first},${extra.join(",")}`;
  return [row("a,b,y"), ...["1,2,3", "4,5,6", "7,8,9", "1,1,1", "2,2,2"].map(row)].join("\n");
})();

/** Each answers with a located message and code 1, or trains; no stack trace, and no checkpoint of a failure. */
test.each<[string, number, string, string | Buffer]>([
  ["empty", 1, "", ""],
  ["binary", 1, Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 256)).toString("latin1"), ""],
  ["a megabyte of parentheses", 1, "(".repeat(1_000_000), ""],
  ["no text but quotes", 1, '"'.repeat(10_001), ""],
  ["ragged rows", 1, withData("d.csv"), "a,b,y\n1,2,3\n1,2\n"],
  ["an open quote", 1, withData("d.csv"), 'a,b,y\n"1,2,3\n4,5,6\n'],
  ["a header alone", 1, withData("d.csv"), "a,b,y\n"],
  ["an empty file", 1, withData("d.csv"), ""],
  ["a column twice", 1, withData("d.csv"), "a,a,y\n1,2,3\n"],
  ["a binary file", 1, withData("d.csv"), Buffer.from([1, 0, 2, 0, 255, 254])],
  ["no such file", 1, withData("nowhere.csv"), ""],
  ["a folder for a file", 1, withData("."), ""],
  ["a path that is none", 1, withData("\u0000"), ""],
  [
    "quotes, CRLF and a byte-order mark",
    0,
    withData("d.csv"),
    '\ufeffa,b,y\r\n"1","2",3\r\n4,5,6\r\n7,8,9\r\n1,2,3\r\n4,5,6\r\n',
  ],
  ["a million columns", 0, withData("d.csv"), wide],
])("%s", async (_, code, spec, csv) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "d.csv"), csv);
  writeFileSync(join(cwd, "m.nnspec"), spec, "latin1");
  if (code === 0) writeFileSync(join(cwd, "m.nnspec"), spec);
  const outcome = await nnc(["train", "m.nnspec"], { cwd });
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).not.toMatch(/\n\s+at |defect of its own/);
  const files = readdirSync(cwd).sort();
  if (code === 0) expect(files).toEqual(["d.csv", "m.nnspec", "m.safetensors"]);
  else {
    expect(outcome.stderr).toMatch(/^error\[NN\d{4}\]: /);
    expect(files).toEqual(["d.csv", "m.nnspec"]);
  }
});

test("a text in UTF-16 is called so, and a key that --row has twice is told", async () => {
  const cwd = temporaryFolder();
  for (const name of ["m.nnspec", "m.json"]) {
    writeFileSync(join(cwd, name), Buffer.from(`\ufeff${MODEL}`, "utf16le"));
    const { stderr, code } = await nnc(["check", name], { cwd });
    expect([code, stderr.split("\n")[0]]).toEqual([
      1,
      `error[NN6006]: ${name}: it is UTF-16, and texts are UTF-8.`,
    ]);
  }
  writeFileSync(join(cwd, "m.nnspec"), withData("d.csv"));
  writeFileSync(join(cwd, "d.csv"), "a,b,y\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n");
  await nnc(["train", "m.nnspec"], { cwd });
  const twice = await nnc(["predict", "m.nnspec", "--row", '{"a": 1, "b": 2, "a": 3}'], { cwd });
  expect([twice.code, twice.stderr.split("\n")[0]]).toEqual([1, 'error[NN6007]: --row has "a" twice.']);
});

test("of thousands of tasks some are named", async () => {
  const cwd = temporaryFolder();
  const tasks = Array.from({ length: 1000 }, (_, i) =>
    MODEL.slice(MODEL.indexOf("task"), -1).replace("task t", `task t${i}`),
  );
  writeFileSync(join(cwd, "m.nnspec"), `model M { input x: float[2]\n${tasks.join("\n")} }`);
  const { stdout } = await nnc(["check", "m.nnspec"], { cwd });
  expect(stdout).toBe(
    "m.nnspec: fine. M has 3,000 parameters; it learns t0, t1, t2, t3, t4, t5, t6, t7 and 992 more.\n",
  );
});

test("a file where a folder is wanted, and a seed that is too large", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), MODEL);
  writeFileSync(join(cwd, "a.csv"), "");
  expect((await nnc(["init", "a.csv"], { cwd })).stderr).toMatch(
    /^error\[NN6006\]: a\.csv: it is no folder\.\n/,
  );
  const { stderr, code } = await nnc(["train", "m.nnspec", "--seed", "99999999999"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain("It is a whole number of at least 0 and at most 2,147,483,647.");
});

test("where nothing can be written, nothing is left half-written", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), MODEL);
  mkdirSync(join(cwd, "m.ts"));
  const outcome = await nnc(["compile", "m.nnspec"], { cwd });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/^error\[NN6006\]/);
  expect(readdirSync(cwd).sort()).toEqual(["m.nnspec", "m.ts"]);
  expect((await nnc(["compile", "m.nnspec", "-o", "m.nnspec"], { cwd })).code).toBe(1);
});

test("a split by what is no time is refused by check and by train, with the cell", async () => {
  const cwd = temporaryFolder();
  const split = "split: { train: 0.5, test: 0.5, by: time(day) }";
  writeFileSync(
    join(cwd, "m.nnspec"),
    `${MODEL}\ntrain { epochs: 1 }\ndata { from: "d.csv"  x = [a, b]  t = y  ${split} }`,
  );
  for (const [days, code] of [
    [["2012-02-01", "2012-01-10", "2012-10-03", "2011-12-31"], 0],
    [["2012-02-01", "2012-01-10", "10/3/2012", "2011-12-31"], 1],
  ] as const) {
    writeFileSync(join(cwd, "d.csv"), `a,b,y,day\n${days.map((day, i) => `${i},2,3,${day}`).join("\n")}\n`);
    for (const command of ["check", "train"]) {
      const outcome = await nnc([command, "m.nnspec"], { cwd });
      expect(outcome.code).toBe(code);
      if (code === 1)
        expect(outcome.stderr).toMatch(/^error\[NN7020\]: `10\/3\/2012` in column `day`, line 4, /);
    }
  }
});

test("nothing is fetched from the network, whatever a path says", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("a,b,y\n1,2,3\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/d.csv`;
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), withData(address));
  writeFileSync(join(cwd, "i.nnspec"), `import { b } from ${JSON.stringify(address)}\n${MODEL}`);
  const checked = await nnc(["check", "m.nnspec"], { cwd });
  expect([checked.code, checked.stderr]).toEqual([
    1,
    expect.stringContaining("Nothing is fetched from the network: download the file, and name its path."),
  ]);
  expect((await nnc(["check", "i.nnspec"], { cwd })).code).toBe(1);
  expect(asked).toEqual([]);
  server.close();
});
