// Gathers the types that a module without imports gives its users, each with what it is made of, and writes them as texts that the
// emitter imports. tsc makes the declarations, and what belongs to what is read in their syntax trees.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

const declared = mkdtempSync(join(tmpdir(), "nnspec-types-"));
const entry = path("src/runtime/index.ts");
const flags = [
  "--ignoreConfig",
  entry,
  "--declaration",
  "--emitDeclarationOnly",
  "--strict",
  "--skipLibCheck",
];
const host = ["--target", "es2023", "--module", "nodenext", "--types", "node"];
execFileSync(
  process.execPath,
  [
    path("node_modules/typescript/bin/tsc"),
    ...flags,
    ...host,
    "--rootDir",
    path("src"),
    "--outDir",
    declared,
  ],
  { stdio: "inherit" },
);

/** The declarations of a file by their names, and where the names come from that it does not declare. */
function readDeclarations(file) {
  const text = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, text, { lang: "dts" });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = { own: new Map(), from: new Map() };
  let end = 0;
  for (const statement of program.body) {
    const { source, specifiers, declaration = statement } = statement;
    const origin = source?.value.startsWith(".")
      ? join(dirname(file), source.value.replace(/\.js$/, ".d.ts"))
      : undefined;
    for (const { local, imported, exported } of origin ? specifiers : []) {
      // An import names what it takes and then calls it, an export the other way round.
      found.from.set((exported ?? local).name, { file: origin, name: (imported ?? local).name });
    }
    const name = declaration?.id?.name;
    if (name !== undefined) {
      const doc = comments.findLast((c) => c.start >= end && c.end <= statement.start);
      found.own.set(name, {
        text: text.slice(doc?.start ?? statement.start, statement.end),
        names: namesIn(declaration),
      });
    }
    end = statement.end;
  }
  return found;
}

function namesIn(node, names = new Set()) {
  if (node?.type === "Identifier") names.add(node.name);
  if (node?.type === "TSImportType") throw new Error("a type that is imported where it stands");
  for (const value of Object.values(node ?? {})) if (typeof value === "object") namesIn(value, names);
  return names;
}

/** The texts of these names and of all that they are made of, in the order in which they are come upon. */
function gathered(names) {
  const files = new Map();
  const texts = new Map();
  const waiting = names.map((name) => ({ file: join(declared, "runtime/index.d.ts"), name }));
  const seen = new Map();
  for (const { file, name } of waiting) {
    if (!files.has(file)) files.set(file, readDeclarations(file));
    const { own, from } = files.get(file);
    const declaration = own.get(name);
    if (!declaration) {
      if (from.has(name)) waiting.push(from.get(name));
      continue;
    }
    if ((seen.get(name) ?? file) !== file)
      throw new Error(`${name} is declared in ${file} and in ${seen.get(name)}`);
    if (seen.has(name)) continue;
    seen.set(name, file);
    texts.set(name, declaration.text);
    for (const inner of declaration.names) if (inner !== name) waiting.push({ file, name: inner });
  }
  return `${[...texts.values()].join("\n\n")}\n`;
}

const ofRows = [
  "ClassPrediction",
  "ClassRow",
  "ClassRows",
  "ColumnMetric",
  "NumberRows",
  "SomeRows",
  "ValuePrediction",
];
const texts = {
  modelTypes: gathered(["Model", ...ofRows]),
  metaModelTypes: gathered(["MetaModel", "classEpisodes", "groupEpisodes", ...ofRows]),
};
rmSync(declared, { recursive: true });
const doc = "/** Made by scripts/bundle-types.mjs from src/runtime. */";
const lines = Object.entries(texts).map(
  ([name, text]) => `${doc}\nexport const ${name}: string =\n  ${JSON.stringify(text)};\n`,
);
writeFileSync(path("src/emit/typescript/types.generated.ts"), lines.join("\n"));
for (const [name, text] of Object.entries(texts)) console.log(`${name}: ${text.length} bytes`);
