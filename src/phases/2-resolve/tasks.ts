import { suggestions } from "../../diagnostics/index.js";
import { taskSettings } from "../../library/sections.js";
import type { Binding, LabelSetting, Setting, TaskDeclaration } from "../../syntax/tree.js";
import { bindAs, bindQuietly } from "./bind.js";
import { declareBroken } from "./broken.js";
import { resolveItem, resolveType } from "./items.js";
import type { Definition, Scope } from "./model.js";
import type { ResolvedTask } from "./resolved.js";
import { childScope, declareTask, isBroken, libraryLayer, lookup, type Resolution } from "./scope.js";
import { reportSetting } from "./sections.js";
import { resolveSettings } from "./settings.js";

/** Of a task without an output: what may be it under another name, or what to write. */
function outputHint(names: readonly string[]): string {
  const [near] = suggestions("output", names);
  return near === undefined
    ? "Add `output = …`, the tensor that the task predicts with."
    : `Is it \`${near}\`? The tensor that a task predicts with is called \`output\`.`;
}

/** `loss = mse` in a task: a binding holds a tensor, and what is written here is none. */
function isMisformed(scope: Scope, { name: { name }, value }: Binding, given: readonly string[]): boolean {
  if (given.includes(name)) return false;
  if (name === "metrics") return value.kind === "list";
  if (name !== "loss" && name !== "label") return false;
  const whole = value.kind === "index" ? value.target : value;
  const path = whole.kind === "call" ? whole.callee : whole;
  const [first] = path.kind === "path" ? path.segments : [];
  return first !== undefined && !lookup(scope, first.name) && !libraryLayer(scope, first.name);
}

/** Resolves what a task declares; gives the keys of settings that are written like bindings. */
function resolveTaskItems(r: Resolution, scope: Scope, task: TaskDeclaration): string[] {
  const misformed: string[] = [];
  let label: LabelSetting | undefined;
  const given = task.items.flatMap((item) =>
    item.kind === "setting" || item.kind === "label" ? [item.key.name] : [],
  );
  for (const item of task.items) {
    if (item.kind === "setting" && item.key.name === "output") {
      reportOutput(r, scope, item);
      misformed.push("output");
    } else if (item.kind === "setting") continue;
    else if (item.kind === "label") {
      if (label) reportTwice(r, task, label, item);
      label ??= item;
      bindAs(r, item.key, "an option");
      resolveType(r, scope, item.type);
    } else if (item.kind === "binding" && isMisformed(scope, item, given)) {
      reportSetting(r, item);
      misformed.push(item.name.name);
    } else resolveItem(r, scope, item, item.name.name === "output");
  }
  return misformed;
}

function reportTwice(
  { report }: Resolution,
  { name }: TaskDeclaration,
  first: LabelSetting,
  { span }: LabelSetting,
): void {
  const parameters = { owner: `task ${name.name}`, reason: "is given `label` twice" };
  report.give("NN2008", span, parameters, {
    related: [{ span: first.span, message: "first given here" }],
  });
}

/** `output: …`, which would be a setting. */
function reportOutput(r: Resolution, scope: Scope, { key, value }: Setting): void {
  const parameters = { what: "The output", written: ":", needed: "=" };
  r.report.give("NN1013", key.span, parameters, { hint: "Write `output = …`." });
  bindAs(r, key, "unknown");
  bindQuietly(r, scope, value);
}

export function resolveTask(outside: Resolution, modelScope: Scope, task: TaskDeclaration): ResolvedTask {
  const r = { ...outside, task: task.name.name };
  const names: string[] = [];
  const settings: Setting[] = [];
  for (const item of task.items)
    if (item.kind === "setting") {
      if (item.key.name !== "output") settings.push(item);
    } else if (item.kind !== "label") names.push(item.name.name);
  const scope = r.model.openScope(task, childScope(modelScope, names));
  const { name } = task.name;
  const definition: Definition = {
    role: "a task",
    name,
    kind: "unknown",
    declaration: task.name,
    members: scope.names,
  };
  declareBroken(r, scope, task);
  const misformed = resolveTaskItems(r, scope, task);
  const section = `task \`${name}\``;
  const isMeant = (key: string) =>
    misformed.includes(key) || settings.some((setting) => isMeantAs(key, setting));
  if (!names.includes("output") && !isMeant("output")) missing(r, task, "output", outputHint(names));
  if (!task.items.some((item) => item.kind === "label") && !isMeant("label"))
    missing(r, task, "label", "Add `label: float`, `label: binary` or `label: category(…)`.");
  const of = {
    section,
    at: task.name.span,
    whole: task.span,
    parameters: taskSettings,
    settings,
    others: ["label"],
    bound: ["output"],
    misformed,
  };
  const resolved = resolveSettings(r, scope, of);
  declareTask(r, modelScope, task.name, definition);
  return { declaration: task, definition, settings: resolved };
}

/** `lable: float` or `ouput: x`, which is told as an unknown key. */
function isMeantAs(key: string, { key: { name } }: Setting): boolean {
  const known = taskSettings.map((parameter) => parameter.name);
  return !known.includes(name) && suggestions(name, [...known, "label", "output"]).includes(key);
}

function missing(r: Resolution, task: TaskDeclaration, key: string, hint: string): void {
  // What could not be read may well be what seems to be missing.
  if (isBroken(r, task.span)) return;
  r.report.give("NN2022", task.name.span, { key, section: `task \`${task.name.name}\`` }, { hint });
}
