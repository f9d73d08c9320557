import { diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import { trainSection } from "./model.js";
import { report } from "./output.js";
import { refuse, type LoadedSpec } from "./spec.js";

type Notes = Readonly<Record<string, string>>;

/** The train sections that a training goes through. */
export interface Stages {
  /** In their order; more than one only where the user names them. */
  readonly names: readonly string[];
  /** Where it begins: the section that a checkpoint stands in. */
  readonly first: number;
}

/**
 * The sections of `--train a,b`; the spec's first without it. A resumed training goes on in the section that its
 * checkpoint names, and then through the same later ones.
 */
export function stagesOf(spec: LoadedSpec, given: string | undefined, resumed?: Resumed): Stages {
  const names = stageNames(spec, given ?? resumed?.notes["stages"]);
  const stands = resumed?.notes["train"];
  if (!resumed || stands === undefined) return { names, first: 0 };
  const first = names.indexOf(stands);
  if (first >= 0) return { names, first };
  const hint = `\`--train ${stands}\` goes on in it; \`--from ${resumed.path}\` begins another one with its weights.`;
  refuse("NN5020", resumed.path, { name: stands, given: names.join(",") }, { hint });
}

interface Resumed {
  readonly path: string;
  readonly notes: Notes;
}

function stageNames(spec: LoadedSpec, given: string | undefined): string[] {
  if (given === undefined) return [trainSection(spec, undefined).name];
  const names = given.split(",").map((name) => name.trim());
  names.forEach((name, i) => {
    trainSection(spec, name);
    if (names.indexOf(name) === i) return;
    const section = spec.document.train.findIndex((train) => train.name === name);
    report([diagnostic("NN5019", placeOf(spec.places, `/train/${section}`), { name, given })]);
  });
  return names;
}

/** What the checkpoint keeps, so that the training can go on from it. */
export function stageNotes({ names }: Stages, at: number): Notes {
  return { train: names[at]!, ...(names.length > 1 ? { stages: names.join(",") } : {}) };
}
