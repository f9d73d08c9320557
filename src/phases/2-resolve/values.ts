import { diagnostic } from "../../diagnostics/index.js";
import type { CallExpression, Expression, PathExpression } from "../../syntax/tree.js";
import { blockSlots, entrySlots, kindOf } from "./kinds.js";
import { sortArguments, type SortedArguments } from "./match.js";
import { resolveBlockOption, resolveOption } from "./options.js";
import { capital, describe, isProperty, pathText, resolveScalar } from "./scalars.js";
import type { Match } from "./resolved.js";
import {
  childScope,
  declare,
  libraryLayer,
  lookup,
  reportUnknown,
  type Resolution,
  type Scope,
} from "./scope.js";

/** Resolves an expression that must give a tensor, a list of tensors, or (where `scalars` says so) a number. */
export function resolveValue(r: Resolution, scope: Scope, expression: Expression, scalars = false): void {
  switch (expression.kind) {
    case "path":
      return resolveValuePath(r, scope, expression);
    case "call":
      return resolveCall(r, scope, expression, false);
    case "pipe": {
      const [first, ...stages] = expression.stages;
      resolveValue(r, scope, first!);
      for (const stage of stages) resolveFunction(r, scope, stage);
      return;
    }
    case "binary":
      resolveValue(r, scope, expression.left, true);
      return resolveValue(r, scope, expression.right, true);
    case "unary":
      return resolveValue(r, scope, expression.operand, true);
    case "parenthesized":
      return resolveValue(r, scope, expression.inner, scalars);
    case "as":
      return resolveValue(r, scope, expression.target);
    case "list":
      for (const item of expression.items) resolveValue(r, scope, item);
      return;
    case "comprehension": {
      resolveScalar(r, scope, expression.range);
      const inner = childScope(scope);
      declare(r, inner, expression.variable, {
        role: "a variable",
        kind: "scalar",
        span: expression.variable.span,
      });
      return resolveValue(r, inner, expression.body);
    }
    case "index":
      resolveValue(r, scope, expression.target);
      for (const index of expression.indices) resolveScalar(r, scope, index);
      return;
    case "repeat":
      r.diagnostics.push(
        diagnostic(
          "NN2009",
          expression.span,
          { what: "This `repeat`" },
          { hint: "Apply it: `x |> repeat …`." },
        ),
      );
      return resolveFunction(r, scope, expression);
    case "number":
      if (scalars) return;
      break;
    case "error":
      return;
    default:
      break;
  }
  r.diagnostics.push(
    diagnostic("NN2017", expression.span, {
      reason: `A tensor is wanted here, and this is ${describe(expression)}`,
    }),
  );
}

/** Resolves an expression that must be a function: a pipe's stage, the value of `shared`, the body of `repeat`. */
export function resolveFunction(r: Resolution, scope: Scope, expression: Expression): void {
  switch (expression.kind) {
    case "path":
    case "call":
      return resolveCall(r, scope, expression, true);
    case "pipe":
      for (const stage of expression.stages) resolveFunction(r, scope, stage);
      return;
    case "parenthesized":
      return resolveFunction(r, scope, expression.inner);
    case "as":
      return resolveFunction(r, scope, expression.target);
    case "repeat":
      resolveScalar(r, scope, expression.count);
      return resolveFunction(r, scope, expression.body);
    case "error":
      return;
    default:
      r.diagnostics.push(diagnostic("NN2010", expression.span, { what: capital(describe(expression)) }));
      if (kindOf(expression, scope) === "tensor") resolveValue(r, scope, expression);
  }
}

function resolveValuePath(r: Resolution, scope: Scope, path: PathExpression): void {
  const [first] = path.segments;
  const names = path.segments.map((s) => s.name);
  if (isProperty(names, scope)) return resolveScalar(r, scope, path);
  if (path.segments.length > 1) return resolveTaskOutput(r, scope, path);
  const declared = lookup(scope, first!.name);
  if (declared?.block || (!declared && libraryLayer(scope, first!.name)) || declared?.kind === "function") {
    r.diagnostics.push(
      diagnostic(
        "NN2009",
        path.span,
        { what: `\`${first!.name}\`` },
        { hint: `Apply it: \`x |> ${first!.name}\`.` },
      ),
    );
    return;
  }
  if (!declared) return reportUnknown(r, scope, first!, "value");
  if (declared.kind === "component") {
    r.diagnostics.push(
      diagnostic("NN2017", path.span, {
        reason: `A tensor is wanted here, and \`${first!.name}\` is an activation`,
      }),
    );
  }
}

function resolveTaskOutput(r: Resolution, scope: Scope, path: PathExpression): void {
  const [task, output] = path.segments;
  if (scope.tasks.has(task!.name) && path.segments.length === 2 && output!.name === "output") return;
  if (scope.laterTasks.has(task!.name)) {
    if (scope.tasks.has(task!.name)) {
      r.diagnostics.push(
        diagnostic(
          "NN2001",
          path.span,
          { name: pathText(path), what: "value" },
          { hint: `A task shows others \`${task!.name}.output\` only.` },
        ),
      );
      return;
    }
    r.diagnostics.push(diagnostic("NN2003", path.span, { name: `${task!.name}.output` }));
    return;
  }
  reportUnknown(r, scope, task!, "value");
}

function resolveCall(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
  awaiting: boolean,
): void {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const given = expression.kind === "call" ? expression.arguments : [];
  const name = callee.segments[0]!;
  if (callee.segments.length > 1) {
    r.diagnostics.push(diagnostic("NN2010", callee.span, { what: `\`${pathText(callee)}\`` }));
    return;
  }
  const declared = lookup(scope, name.name);
  if (declared?.block) {
    const slots = blockSlots(declared.block.declaration.parameters);
    const sorted = sortArguments(r, scope, name.name, slots, given, expression.span, awaiting);
    r.usedBlocks.add(declared.block.declaration);
    return finishCall(r, scope, expression, { kind: "block", block: declared.block }, sorted, awaiting);
  }
  if (declared?.kind === "function") {
    const slots = [{ name: "x", role: "tensor", required: true } as const];
    const sorted = sortArguments(r, scope, name.name, slots, given, expression.span, awaiting);
    return finishCall(r, scope, expression, { kind: "function", name: name.name }, sorted, awaiting);
  }
  if (declared) {
    if (declared.kind === "unknown") return;
    r.diagnostics.push(
      diagnostic(
        "NN2010",
        callee.span,
        { what: `\`${name.name}\`, ${declared.role},` },
        {
          related: [{ span: declared.span, message: "declared here" }],
        },
      ),
    );
    return;
  }
  const layer = libraryLayer(scope, name.name);
  if (!layer) {
    for (const argument of given) {
      if (["tensor", "list"].includes(kindOf(argument.value, scope))) resolveValue(r, scope, argument.value);
    }
    return reportUnknown(r, scope, name, "layer");
  }
  const sorted = sortArguments(
    r,
    scope,
    name.name,
    entrySlots(layer.parameters),
    given,
    expression.span,
    awaiting,
  );
  finishCall(r, scope, expression, { kind: "entry", entry: layer }, sorted, awaiting);
}

function finishCall(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  target: Match["target"],
  sorted: SortedArguments,
  awaiting: boolean,
): void {
  for (const { value } of sorted.tensors) resolveValue(r, scope, value);
  for (const { slot, value } of sorted.options.values()) {
    if (slot.parameter) resolveOption(r, scope, slot.parameter, value);
    else if (slot.block) resolveBlockOption(r, scope, slot.block.type.base.name, value);
  }
  r.matches.set(expression, { target, tensors: sorted.tensors.map((t) => t.value), options: sorted.options });
  if (!awaiting && kindOf(expression, scope) === "function") {
    const shown =
      expression.kind === "path" ? pathText(expression) : pathText((expression as CallExpression).callee);
    r.diagnostics.push(
      diagnostic(
        "NN2009",
        expression.span,
        { what: `\`${shown}\`` },
        { hint: `Apply it: \`x |> ${shown}(…)\`.` },
      ),
    );
  }
}
