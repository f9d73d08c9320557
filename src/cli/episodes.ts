import { classCoverage } from "../data/coverage.js";
import { classEpisodes, type DrawEpisode, type MetaModel } from "../runtime/index.js";
import { bindSpec } from "./data.js";
import { report } from "./output.js";
import type { LoadedSpec } from "./spec.js";

/** Where tasks come from, for each part. */
export interface Episodes {
  readonly train: DrawEpisode;
  readonly validation: DrawEpisode | undefined;
  readonly test: DrawEpisode;
}

/**
 * Episodes of the spec's data file, where it has classes for them. The transforms of inputs are fitted on rows of the
 * training classes, unless a checkpoint has them.
 */
export function episodesOf(spec: LoadedSpec, model: MetaModel, fit = true): Episodes | undefined {
  const { data, tasks } = spec.document;
  if (!data?.classes) return undefined;
  const { bound, diagnostics } = bindSpec(spec, "train", undefined, "inputs");
  report(diagnostics);
  report(classCoverage(spec, bound!));
  const inputs = Object.fromEntries([...bound!.inputs].map(([name, { values }]) => [name, values]));
  const rows = { inputs, classes: bound!.classes! };
  const { train, validation, test } = data.classes;
  if (fit) {
    const seen = new Set(train);
    const taken = [...bound!.inputs].map(([name, { width, values }]) => {
      const own = rows.classes.flatMap((of, row) =>
        seen.has(of) ? [...values.subarray(row * width, (row + 1) * width)] : [],
      );
      return [name, Float64Array.from(own)] as const;
    });
    model.fitTransforms(Object.fromEntries(taken));
  }
  const { ways } = spec.document.meta!.settings["episode"] as { ways: number };
  const among = (names: readonly string[]) => classEpisodes(rows, names, { ways, task: tasks[0]!.name });
  return {
    train: among(train),
    validation: validation.length > 0 ? among(validation) : undefined,
    test: among(test),
  };
}
