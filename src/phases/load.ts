import { capped } from "./capped.js";
import { diagnostic, didYouMean, hasErrors, Hints, type Diagnostic } from "../diagnostics/index.js";
import { ModelAnalysis } from "../model/analysis.js";
import { inferNode, sizeProblem } from "../model/infer.js";
import { inputValueType } from "../model/value-types.js";
import { completeDocument } from "../document/complete.js";
import { readJsonText, type RepeatedKey } from "../document/json-places.js";
import { placeOf, type Places } from "../document/places.js";
import type {
  InputDocument,
  ModelDocument,
  NodeDocument,
  TaskDocument,
  TypeDocument,
} from "../document/types.js";
import { documentProblems } from "../document/validate.js";
import type { ValueType, WeightSpec } from "../library/entry.js";
import { canonicalText } from "../library/json.js";
import { entry as libraryEntry } from "../library/index.js";
import { classesProblem, classWeightsProblem, outputProblem } from "../model/task-problems.js";
import { tieProblem } from "../model/tied.js";
import { isProblem, show } from "../library/layers/shapes.js";
import { makeSource, positionAt } from "../source/index.js";
import { Paths } from "./load-paths.js";
import { documentRules } from "./3-check/rules/index.js";

export interface LoadedDocument {
  readonly diagnostics: readonly Diagnostic[];
  readonly document: ModelDocument | undefined;
  readonly places: Places;
}

/** Loads a model document: its schema, every shape inferred again, and the rules that a spec's text goes through. */
export function loadDocument(text: string, path: string): LoadedDocument {
  const source = makeSource(path, text);
  const json = readJsonText(source);
  const everywhere: Places = new Map([["", { source, start: 0, end: 0 }]]);
  if ("problem" in json) {
    const { problem, span } = json;
    const line = positionAt(span.source, span.start).line + 1;
    const diagnostics = [diagnostic("NN2028", span, { problem, line })];
    return { diagnostics, document: undefined, places: everywhere };
  }
  const { places, repeated } = json;
  if (repeated.length > 0) return { diagnostics: capped(repeated.map(twice)), document: undefined, places };
  const hints = new Hints();
  const problems = documentProblems(json.value).map(({ pointer, message, hint }) =>
    invalid(places, pointer, message, hint && hints.find(hint)),
  );
  if (problems.length > 0) return { diagnostics: capped(problems), document: undefined, places };
  // The schema, which the value has just passed, is that of this type.
  const given = json.value as ModelDocument;
  const { document, diagnostics } = inferAgain(completeDocument(given), places);
  if (hasErrors(diagnostics)) return { diagnostics: capped(diagnostics), document: undefined, places };
  const model = new ModelAnalysis(document);
  for (const rule of documentRules) for (const d of rule(model, places)) diagnostics.push(d);
  return {
    diagnostics: capped(diagnostics),
    document: hasErrors(diagnostics) ? undefined : document,
    places,
  };
}

/** Validates a document on its way out; what does not fit is a defect of ours. */
export function assertValid(document: ModelDocument): ModelDocument {
  const [problem] = documentProblems(document);
  if (problem)
    throw new Error(`the model document does not fit its schema: ${problem.message} (${problem.pointer})`);
  return document;
}

function twice({ key, pointer, span }: RepeatedKey): Diagnostic {
  const hint = "An object has each key once: take one of them out.";
  return diagnostic("NN2028", span, { problem: `\`${key}\` stands here twice`, pointer }, { hint });
}

function invalid(places: Places, pointer: string, problem: string, hint?: string): Diagnostic {
  return diagnostic("NN2028", placeOf(places, pointer), { problem, pointer }, { hint });
}

/** Runs every node through the library again; a stated shape, weight or state must be the inferred one. */
function inferAgain(
  given: ModelDocument,
  places: Places,
): { document: ModelDocument; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const say = (pointer: string, problem: string, hint?: string) =>
    void diagnostics.push(invalid(places, pointer, problem, hint));
  const loading: Loading = {
    types: new Map<string, ValueType>(),
    refused: new Set<string>(),
    paths: new Paths(say),
    places,
    diagnostics,
    say,
    hints: new Hints(),
  };
  given.inputs.forEach((input, i) => checkInput(input, `/inputs/${i}`, loading));
  const nodes = given.nodes.map((node, i) => inferOne(node, `/nodes/${i}`, loading));
  given.tasks.forEach((task, i) => checkTask(task, `/tasks/${i}`, loading.types, say));
  sameOnce(given.tasks, "/tasks", "tasks", say);
  notInputs(given, say);
  sameOnce(given.train, "/train", "train sections", say);
  checkValues(given, loading);
  return { document: { ...given, nodes: nodes.flatMap((n) => (n ? [n] : [])) }, diagnostics };
}

interface Loading {
  readonly types: Map<string, ValueType>;
  /** Inputs that were refused; nothing is said of what takes them. */
  readonly refused: Set<string>;
  readonly paths: Paths;
  readonly places: Places;
  readonly diagnostics: Diagnostic[];
  readonly say: (pointer: string, problem: string, hint?: string) => void;
  readonly hints: Hints;
}

function checkInput(
  { name, type }: InputDocument,
  pointer: string,
  { types, refused, places, diagnostics, say }: Loading,
): void {
  if (types.has(name)) say(`${pointer}/name`, `There are two values called \`${name}\``);
  checkType(type, `${pointer}/type`, say);
  const size = sizeProblem(type);
  if (size) {
    const at = placeOf(places, `${pointer}/type/dims`);
    diagnostics.push(diagnostic(size.problem, at, { message: size.message }, { hint: size.hint }));
    refused.add(name);
  }
  if (type.optional)
    say(`${pointer}/type/optional`, "Labels may be missing, inputs may not: fill the gaps with `impute`");
  types.set(name, inputValueType(type));
}

function inferOne(node: NodeDocument, pointer: string, loading: Loading): NodeDocument | undefined {
  const { say, diagnostics, places, paths } = loading;
  const inputs = inputsOf(node, pointer, loading);
  if (!inputs) return undefined;
  const inference = inferNode(libraryEntry("layer", node.layer), inputs, node.options);
  if (isProblem(inference)) {
    const { problem, message, hint, option } = inference;
    const at = option === undefined ? pointer : `${pointer}/options/${option}`;
    diagnostics.push(diagnostic(problem, placeOf(places, at), { message }, { hint }));
    return undefined;
  }
  const { type, weights, state, options } = inference;
  if (canonicalText(type) !== canonicalText(node.type)) {
    const told = (t: ValueType) => `${show(t)} of ${t.dtype}${t.batched ? "" : ", the same for all rows"}`;
    const [claimed, found] = [told(node.type), told(type)];
    say(`${pointer}/type`, `\`${node.id}\` claims ${claimed}, but \`${node.layer}\` gives ${found}`);
  }
  paths.named(node, pointer, weights, state);
  for (const weight of weights) checkWeight(weight, node, pointer, loading);
  for (const each of state) {
    const path = node.state[each.name];
    if (path !== undefined) paths.state(path, `${pointer}/state/${each.name}`, node, each);
  }
  return { ...node, options };
}

/** The types of what a node is applied to, if there is as much of it as its layer takes. */
function inputsOf(node: NodeDocument, pointer: string, loading: Loading): ValueType[] | undefined {
  const { types, refused, say } = loading;
  if (types.has(node.id)) say(`${pointer}/id`, `There are two values called \`${node.id}\``);
  const inputs: ValueType[] = [];
  node.inputs.forEach((ref, i) => {
    const type = types.get(ref);
    if (type) inputs.push(type);
    else say(`${pointer}/inputs/${i}`, `There is no earlier node or input \`${ref}\``);
  });
  // Later nodes are checked against what this one claims, so that one mistake is reported once.
  types.set(node.id, node.type);
  if (inputs.length !== node.inputs.length || node.inputs.some((ref) => refused.has(ref))) return undefined;
  const { parameters } = libraryEntry("layer", node.layer);
  const tensors = parameters.filter((p) => p.kind === "tensors" || p.kind === "tensor");
  const least = tensors.filter((p) => p.kind === "tensors" || !p.optional).length;
  const most = tensors.some((p) => p.kind === "tensors") ? Infinity : tensors.length;
  if (inputs.length >= least && inputs.length <= most) return inputs;
  const takes = least === most ? least : `at least ${least}`;
  say(`${pointer}/inputs`, `\`${node.layer}\` takes ${takes} inputs, not ${inputs.length}`);
  return undefined;
}

/** A weight is the one that it is tied to, or the one that it is wherever its path stands. */
function checkWeight(weight: WeightSpec, node: NodeDocument, pointer: string, loading: Loading): void {
  const { paths, say, diagnostics, places, hints } = loading;
  const path = node.weights[weight.name];
  if (path === undefined) return;
  const at = `${pointer}/weights/${weight.name}`;
  if (!("tied" in weight)) return paths.weight(path, at, node, weight);
  const wrong = tieProblem(weight, paths.weights, placeOf(places, `${pointer}/options/to`), hints);
  if (wrong) diagnostics.push(wrong);
  if (path !== weight.tied) say(at, `\`to\` is \`${weight.tied}\`, and this is \`${path}\``);
}

function checkType(type: TypeDocument, pointer: string, say: Loading["say"]): void {
  const problem = classesProblem(type);
  if (problem) say(pointer + problem.part, problem.message);
}

function checkTask(
  { output, label, class_weights: weights }: TaskDocument,
  pointer: string,
  types: ReadonlyMap<string, ValueType>,
  say: Loading["say"],
): void {
  checkType(label, `${pointer}/label`, say);
  const type = types.get(output);
  const problem = type ? outputProblem(type) : `there is no node or input \`${output}\``;
  if (problem !== undefined) say(`${pointer}/output`, capital(problem));
  const wrong = classWeightsProblem(label, weights);
  if (wrong !== undefined) say(`${pointer}/class_weights`, capital(wrong));
}

/** Rows have inputs and labels by their names, so that one name is one of both. */
function notInputs({ inputs, tasks }: ModelDocument, say: Loading["say"]): void {
  const named = new Set(inputs.map(({ name }) => name));
  tasks.forEach(({ name }, i) => {
    if (named.has(name)) say(`/tasks/${i}/name`, `\`${name}\` is an input's name too`);
  });
}

/** What an algorithm names is a value of the model. */
function checkValues({ meta }: ModelDocument, { types, say, hints }: Loading): void {
  if (!meta) return;
  const { name, options } = meta.algorithm;
  for (const parameter of libraryEntry("algorithm", name).parameters) {
    const given = options[parameter.name];
    if (parameter.kind !== "value" || typeof given !== "string" || types.has(given)) continue;
    const hint = hints.find(() => didYouMean(given, types.keys()));
    say(`/meta/algorithm/options/${parameter.name}`, `There is no node or input \`${given}\``, hint);
  }
}

/** Names of a list that are there twice. */
function sameOnce(
  list: readonly { readonly name: string }[],
  pointer: string,
  what: string,
  say: Loading["say"],
): void {
  const seen = new Set<string>();
  list.forEach(({ name }, i) => {
    if (seen.has(name)) say(`${pointer}/${i}/name`, `There are two ${what} called \`${name}\``);
    seen.add(name);
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
