import { takeRows } from "../../data/bind.js";
import { diagnostic, hasErrors } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import { ModelAnalysis } from "../../model/analysis.js";
import { sharedGroups } from "../../model/shared.js";
import { watchSteps } from "../../engines/watched.js";
import { profileProgram } from "../../phases/5-lower/profile.js";
import type { LineChange } from "../../profile/edits.js";
import { propose, type Proposal } from "../../profile/proposals.js";
import { createTally, type GroupReport } from "../../profile/tally.js";
import { loadData } from "../data.js";
import { showNumber, table } from "../format.js";
import { orRefuse, startSpec, trainSection, type EngineOptions } from "../model.js";
import { printEvent } from "../events.js";
import { print, report } from "../output.js";
import { compilerOf, loadSpec, type LoadedSpec } from "../spec.js";
import { outliveReaders } from "../streams.js";

export interface ProfileOptions extends EngineOptions {
  readonly json?: boolean;
  readonly epochs: number;
}

/** Trains briefly, and says how the tasks' gradients of what they share get along, and what to change. */
export async function profile(path: string, options: ProfileOptions): Promise<void> {
  outliveReaders();
  const spec = await loadSpec(path, options);
  const section = trainSection(spec, options.train);
  const { name } = section;
  const train = spec.document.train.indexOf(section);
  const analysis = new ModelAnalysis(spec.document);
  const shared = sharedGroups(analysis, section);
  refuseAlone(spec, shared.length);
  const data = loadData(spec, "profile");
  const tally = createTally(spec.document.tasks, shared);
  const model = await startSpec(spec, "profile", options, data.bound.columns, {
    programs: { profile: profileProgram(analysis, shared) },
    session: (session) => watchSteps(session, "profile", tally.see),
  });
  const rows = takeRows(data.bound, data.parts.train);
  const { epochs } = await orRefuse(spec.path, () => model.fit(rows, { epochs: options.epochs }));
  const { engine } = model;
  model.dispose();
  const groups = tally.report();
  const compileIt = await compilerOf(path);
  const compiles = (text: string) => !hasErrors(compileIt(text).diagnostics);
  const proposals = proposalsOf(spec, { train, groups, compiles });
  const run = { train: name, epochs: epochs.length, steps: tally.steps() };
  if (options.json) printEvent("profile", spec, { ...run, losses: epochs.at(-1)?.losses, groups, proposals });
  else {
    print(`${spec.document.name} on ${engine}: ${run.epochs} epochs of \`${name}\`, ${run.steps} batches.\n`);
    print(`${pairsTable(groups)}\n`);
    print(`${normsTable(groups)}\n`);
    print(proposals.map((proposal, i) => proposalText(path, proposal, proposals[i - 1])).join("\n\n"));
  }
}

function refuseAlone(spec: LoadedSpec, groups: number): void {
  if (groups > 0) return;
  const reason =
    spec.document.tasks.length === 1 ? "there is one task" : "no trained weight is reached by two tasks";
  report([diagnostic("NN5022", placeOf(spec.places, ""), { reason })]);
}

function proposalsOf(
  { document, places }: LoadedSpec,
  { train, groups, compiles }: Pick<Parameters<typeof propose>[0], "train" | "groups" | "compiles">,
): Proposal[] {
  const { source } = placeOf(places, "");
  return propose({ document, places, source, train, groups, compiles });
}

function pairsTable(groups: readonly GroupReport[]): string {
  const rows = groups.flatMap(({ weights, parameters, pairs }) =>
    pairs.map(({ tasks, cosine, conflicts, steps }, i) => [
      i === 0 ? weights : "",
      i === 0 ? parameters.toLocaleString("en-US") : "",
      tasks.join(" and "),
      showNumber(cosine),
      conflicts === null ? "–" : `${Math.round(100 * conflicts)} %`,
      String(steps),
    ]),
  );
  return table([["weights", "parameters", "tasks", "cosine", "conflicts", "batches"], ...rows], [1, 3, 4, 5]);
}

function normsTable(groups: readonly GroupReport[]): string {
  const rows = groups.flatMap(({ weights, norms }) =>
    Object.entries(norms).map(([task, norm], i) => [i === 0 ? weights : "", task, showNumber(norm)]),
  );
  return table([["weights", "task", "gradient norm × weight"], ...rows], [2]);
}

/** What has the reason of the one before it is another way out. */
function proposalText(
  path: string,
  { because, advice, lines }: Proposal,
  before: Proposal | undefined,
): string {
  const other = before?.because === because;
  const head = other ? [`Or ${advice.charAt(0).toLowerCase()}${advice.slice(1)}`] : [because, advice];
  return [...head, ...(lines.length > 0 ? ["", path, ...lines.flatMap(changeText)] : [])].join("\n");
}

function changeText({ line, remove, add }: LineChange): string[] {
  const show = (sign: string) => (text: string, i: number) =>
    `${String(line + i).padStart(4)} ${sign} ${text}`;
  return [...remove.map(show("-")), ...add.map(show("+"))];
}
