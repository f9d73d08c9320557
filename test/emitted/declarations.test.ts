import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { nnc, temporaryFolder } from "../cli/run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const HOSTILE = `model M {
  /// Ends here: */ export {}; /*
  input default: category("a\\"b", "*/", "\`\${1}\`")
  task class { output = default |> one_hot |> dense(1, sigmoid)  label: binary("</script>", "\\"")  loss: binary_crossentropy }
}`;

let folder: string;

beforeAll(async () => {
  folder = temporaryFolder();
  writeFileSync(join(folder, "hostile.nnspec"), HOSTILE);
  const compile = async (spec: string, ...more: string[]) => {
    const { code, stderr } = await nnc(["compile", spec, "--standalone", ...more], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
  };
  await compile(join(root, "specs/penguins.nnspec"), "--threads");
  await compile(join(root, "specs/penguins.nnspec"), "-o", "penguins.mjs");
  await compile(join(root, "specs/multitask/pupils-mmoe.nnspec"));
  await compile(join(root, "specs/meta/sinusoid.nnspec"));
  await compile("hostile.nnspec");
});

/** The errors of tsc in strict mode, in a folder where no package is installed. */
function errorsOf(files: readonly string[]): string[] {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const host = ["--module", "nodenext", "--target", "es2023", "--lib", "es2023,dom", "--types", ""];
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const { stdout } = spawnSync(process.execPath, [tsc, ...strict, ...host, ...files], {
    cwd: folder,
    encoding: "utf8",
  });
  // Lines that go on with an error are indented.
  return stdout.split(/\n(?! )/).filter((text) => text.includes("error TS"));
}

function errorsIn(body: string): string[] {
  writeFileSync(join(folder, "use.mts"), `${body}\nexport {};\n`);
  return errorsOf(["use.mts"]);
}

const PENGUINS = `import { createModel, type Model, type Types } from "./penguins.mjs";
const model: Model<Types> = await createModel({ seed: 7 });
const measures = [[39.1, 18.7, 181], [39.5, null, 186]];
const island = ["Torgersen", "Biscoe"] as const;
const labels = { species: ["Adelie", "Gentoo"] as const, mass: [3750, null], sex: [null, "male"] as const };
const row = { bill_length_mm: 39.1, bill_depth_mm: null, flipper_length_mm: 181 };
`;

test("each module has its declarations beside it, which import nothing and have no errors of their own", () => {
  const files = ["penguins.d.ts", "penguins.d.mts", "pupils-mmoe.d.ts", "sinusoid.d.ts", "hostile.d.ts"];
  for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/\bimport\b/);
  expect(errorsOf(files)).toEqual([]);
});

test("a call that is right passes tsc", () => {
  const body = `${PENGUINS}import { createModel as onThreads } from "./penguins.js";
import { classEpisodes, createModel as learner } from "./sinusoid.js";
await onThreads({ threads: 2 });
await model.fit({ inputs: { measures, island }, labels }, { epochs: 2, onEpochEnd: (e) => e.losses.species });
const { species } = await model.predict({ measures, island });
const first: "Adelie" | "Chinstrap" | "Gentoo" | undefined = species.classes[0];
const one = await model.predictOne({ ...row, island: "Biscoe" });
const numbers: number[] = [one.mass, one.species.probabilities.Gentoo];
const { loss } = await (await learner()).metaFit({ steps: 3 });`;
  expect(errorsIn(body)).toEqual([]);
});

test.each([
  ["a class that there is not", "predict({ measures, island: ['Nowhere', 'Biscoe'] })", "Nowhere"],
  ["a class that there is not, of one row", "predictOne({ ...row, island: 'Nowhere' })", "Nowhere"],
  ["an input that there is not", "predict({ measures, islands: island })", "islands"],
  [
    "a task that is left out",
    "fit({ inputs: { measures, island }, labels: { species: labels.species, sex: labels.sex } })",
    "mass",
  ],
  ["an option that there is not", "fit({ inputs: { measures, island }, labels }, { epoch: 2 })", "epoch"],
])("%s does not", (_, call, named) => {
  const errors = errorsIn(`${PENGUINS}await model.${call};`);
  expect(errors.join("\n")).toContain(named);
  expect(errors).toHaveLength(1);
});

test("on standard output there is the module alone", async () => {
  const cwd = temporaryFolder();
  const spec = join(root, "specs/penguins.nnspec");
  const { stdout } = await nnc(["compile", spec, "--standalone", "-o", "-"], { cwd });
  expect(stdout).not.toContain("export declare");
  expect(existsSync(join(cwd, "penguins.d.ts"))).toBe(false);
});
