import { diagnostic, hasErrors, someOf, type Diagnostic } from "../../diagnostics/index.js";
import { ModelAnalysis } from "../../model/analysis.js";
import { placeOf } from "../../document/places.js";
import { classCoverage, labelCoverage } from "../../data/coverage.js";
import { fileTasks } from "../../data/tasks.js";
import { bindSpec, splitSpec } from "../data.js";
import { exitCodes, Exit } from "../exit.js";
import { diagnosticsJson, print, printJson, report } from "../output.js";
import { compileFile, type LoadedSpec } from "../spec.js";

export interface CheckOptions {
  readonly json?: boolean;
  /** `--no-data` leaves the data file alone. */
  readonly data: boolean;
}

/** Checks a spec, and the data file against it. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const { diagnostics, document, places } = await compileFile(path);
  const spec = document && { path, document, places };
  const all = [...diagnostics, ...(spec && options.data && document.data ? checkData(spec) : [])];
  if (options.json) {
    printJson(diagnosticsJson(all));
    if (hasErrors(all)) throw new Exit(exitCodes.mistake);
    return;
  }
  report(all);
  if (!document) return;
  const { parameters } = new ModelAnalysis(document).costs;
  const tasks = someOf(document.tasks.map((t) => t.name));
  print(
    `${path}: fine. ${document.name} has ${parameters.toLocaleString("en-US")} parameters; it learns ${tasks}.`,
  );
}

function checkData(spec: LoadedSpec): Diagnostic[] {
  const { value: read, diagnostics } = bindSpec(spec, "check");
  if (!read) return diagnostics;
  const { bound, tables } = read;
  const split = splitSpec(spec, read);
  const stop = spec.document.train.findIndex((t) => t.stop !== null);
  const none = stop >= 0 && split.value?.validation.length === 0;
  return [
    ...diagnostics,
    ...split.diagnostics,
    ...(split.value ? labelCoverage(spec, bound, split.value) : []),
    ...classCoverage(spec, bound),
    ...(split.value ? (fileTasks(spec, tables[0]!.table, bound, split.value)?.diagnostics ?? []) : []),
    ...(none
      ? [diagnostic("NN7057", placeOf(spec.places, `/train/${stop}/stop`), { part: "validation" })]
      : []),
  ];
}
