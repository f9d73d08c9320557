import { bindTables, splitTables } from "../../src/data/sources.js";
import { makeTable } from "../../src/data/table.js";
import { lowerMetaModel, lowerModel } from "../../src/compile.js";
import { documentHash, formerModelHash, modelHash } from "../../src/document/hash.js";
import type { ModelDocument } from "../../src/document/types.js";
import { emitStandaloneModule } from "../../src/emit/typescript/standalone.js";
import { emitTfjsModule } from "../../src/emit/typescript/tfjs.js";
import { emitWasmModule } from "../../src/emit/typescript/wasm.js";
import { createSession } from "../../src/engines/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { flopsOf } from "../../src/model/flops.js";
import { gradientFlow } from "../../src/phases/5-lower/flow.js";
import type { DataModel } from "../../src/data/bind.js";
import { makeSource } from "../../src/source/index.js";
import type { FieldDescriptor, ModelDescriptor } from "../../src/runtime/descriptor.js";
import { InputError, startMetaModel, startModel } from "../../src/runtime/index.js";

/** All that is made of a document without running it: programs, hashes, modules, what `summary` and `explain` say. */
export function makeAll(document: ModelDocument): void {
  for (const hash of [modelHash, formerModelHash, documentHash]) hash(document);
  const model = new ModelAnalysis(document);
  flopsOf(model);
  const { meta } = document;
  const all = meta
    ? [lowerMetaModel({ ...document, meta })]
    : document.train.map(({ name }) => lowerModel(document, { train: name }));
  for (const { descriptor, programs } of all) {
    const parts = { document, descriptor, programs, source: "model.json" };
    emitWasmModule(parts);
    emitStandaloneModule(parts);
    emitTfjsModule(parts);
  }
  gradientFlow(model);
  const { data } = document;
  if (data) bindRows({ ...document, data });
}

/** Rows of a file that has every column that the document names, bound and dealt. */
function bindRows(document: DataModel): void {
  const { data } = document;
  const at = makeSource("model.json", "{}");
  const places = new Map([["", { source: at, start: 0, end: 0 }]]);
  const mapped = data.mappings.flatMap(({ columns }) =>
    columns.flatMap((c) => (typeof c === "string" ? [c] : [c.first, c.last])),
  );
  const more = [
    ...data.row_weights.map(({ column }) => column),
    data.classes?.from,
    document.meta?.settings.task,
    data.split.by.options["column"],
  ];
  const columns = [
    ...new Set([...mapped, ...more.flatMap((column) => (typeof column === "string" ? [column] : []))]),
  ];
  const cells = Array.from({ length: 24 }, (_, row) => columns.map((_column, c) => String((row + c) % 5)));
  const tables = data.sources.map(({ name }) => ({
    source: name,
    table: makeTable({
      path: "rows.csv",
      columns,
      cells,
      kept: columns.map((_column, c) => c),
      missing: data.missing,
      placeOf: (row) => `line ${row + 2}`,
      spanOf: () => undefined,
      header: () => undefined,
    }),
  }));
  bindTables(document, places, tables);
  splitTables(data.split, places, tables);
}

/** Models that are larger take seconds to train. */
const LARGEST = { parameters: 30_000, flops: 300_000, row: 20_000 };

/** Trains a model that a document accepts, keeps it, and goes on from what was kept; false where it is too large for that. */
export async function useAll(document: ModelDocument): Promise<boolean> {
  const model = new ModelAnalysis(document);
  const row = Math.max(...document.inputs.map(({ type }) => type.dims.reduce((a, d) => a * d, 1)), 0);
  if (model.costs.parameters > LARGEST.parameters || flopsOf(model) > LARGEST.flops || row > LARGEST.row)
    return false;
  try {
    await (document.meta ? learnToLearn(document) : train(document));
  } catch (error) {
    // Rows that are made up need not suit the model's transforms, and numbers may run away.
    if (!(error instanceof InputError)) throw error;
  }
  return true;
}

async function train(document: ModelDocument): Promise<void> {
  const { descriptor, programs } = lowerModel(document);
  const { batch } = descriptor.train;
  const start = async () =>
    startModel(
      descriptor,
      await createSession("wasm", { ...programs }, { batch: Math.min(Number(batch) || 8, 8) }),
    );
  const model = await start();
  const data = rowsOf(descriptor, 8);
  await model.fit(data, { epochs: 1, batch: 4, validation: data });
  await model.predict(data.inputs);
  const again = await start();
  await again.load(await model.save());
  await again.fit(data, { epochs: 1, batch: 4, resume: true });
  model.dispose();
  again.dispose();
}

async function learnToLearn(document: ModelDocument): Promise<void> {
  const { meta } = document;
  if (!meta) return;
  const { episode, tasks_per_step: perStep, tasks } = meta.settings;
  const ways = episode.ways ?? 1;
  if (episode.support * ways > 64 || episode.query * ways > 64 || perStep > 8) return;
  const { descriptor, programs } = lowerMetaModel({ ...document, meta });
  if (descriptor.meta && descriptor.meta.innerSteps > 20) return;
  const model = await startMetaModel(descriptor, await createSession("wasm", { ...programs }));
  const [support, query] = [episode.support * ways, episode.query * ways];
  const draw = () => ({ support: rowsOf(descriptor, support), query: rowsOf(descriptor, query) });
  await model.metaFit({ steps: 2, ...(tasks ? {} : { draw }) });
  await model.adapt(rowsOf(descriptor, support));
  model.dispose();
}

/** Rows of small numbers that any field takes. */
function rowsOf({ inputs, tasks, sources }: ModelDescriptor, rows: number) {
  const cell = ({ kind, width, classes = 2 }: FieldDescriptor, i: number): number => {
    if (kind === "float") return ((i * 7) % 11) / 10 + 0.1;
    return Math.floor(i / width) % (kind === "category" ? classes : 2);
  };
  const columns = (fields: readonly FieldDescriptor[]) =>
    Object.fromEntries(
      fields.map((field) => [
        field.name,
        Array.from({ length: rows * field.width }, (_, i) => cell(field, i)),
      ]),
    );
  const source = Array.from({ length: rows }, (_, i) => i % Math.max(sources.length, 1));
  return {
    inputs: columns(inputs),
    labels: columns(tasks),
    ...(sources.length > 0 ? { source } : {}),
  };
}
