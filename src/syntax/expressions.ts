import type { IToken } from "chevrotain";
import type {
  ArgumentCstNode,
  CallCstNode,
  CountCstNode,
  CountOperandCstNode,
  EntryCstNode,
  ExpressionCstNode,
  ExpressionsCstNode,
  ListCstNode,
  OperandCstNode,
  PathCstNode,
  PostfixCstNode,
  RepeatCstNode,
  TypeCstNode,
} from "../../grammar/cst.generated.js";
import { diagnostic } from "../diagnostics/index.js";
import { cover } from "../source/index.js";
import type {
  BinaryOperator,
  CallArgument,
  Expression,
  Identifier,
  ObjectEntry,
  PathExpression,
  TypeExpression,
} from "./tree.js";
import { errorExpression, identifier, nodeSpan, placed, tokenSpan, type Builder } from "./builder.js";
import { columnReference, numberLiteral, stringLiteral } from "./literals.js";
import { checkedStage } from "./stages.js";

/** Deeper trees are refused, so that whoever walks them later may use the stack. */
const maximumDepth = 1000;

/** An expression and everything in it. `depth` is how far below its item it stands. */
export function expression(b: Builder, node: ExpressionCstNode | CountCstNode, depth = 0): Expression {
  const operands: readonly (OperandCstNode | CountOperandCstNode)[] =
    "operand" in node.children
      ? node.children.operand
      : (node.children as CountCstNode["children"]).countOperand;
  const operators = node.children.Operator;
  if (operators === undefined) return operand(b, operands[0]!, depth);
  const stages: Expression[] = [];
  let from = 0;
  for (let i = 0; i <= operators.length; i++) {
    if (i < operators.length && operators[i]!.image !== "|>") continue;
    const stage = range(b, operands, operators, from, i, depth + 1);
    const place = { pipeStart: nodeSpan(b, node).start, head: nodeSpan(b, operands[from]!) };
    stages.push(stages.length === 0 ? stage : checkedStage(b, stage, place));
    from = i + 1;
  }
  if (stages.length === 1) return stages[0]!;
  return { kind: "pipe", stages, ...placed(b, nodeSpan(b, node)) };
}

/** The operands `from` to `to`, both included, with the operators between them. */
function range(
  b: Builder,
  operands: readonly (OperandCstNode | CountOperandCstNode)[],
  operators: readonly IToken[],
  from: number,
  to: number,
  depth: number,
): Expression {
  const at = cover(nodeSpan(b, operands[from]!), nodeSpan(b, operands[to]!));
  if (depth + to - from > maximumDepth) {
    b.report(diagnostic("NN1021", at, { limit: maximumDepth }));
    return errorExpression(b, at);
  }
  const dots: number[] = [];
  for (let i = from; i < to; i++) if (operators[i]!.image === "..") dots.push(i);
  if (dots.length === 0) return sum(b, operands, operators, from, to, depth);
  if (dots.length > 1) {
    b.report(diagnostic("NN1016", tokenSpan(b, operators[dots[1]!]!), {}));
    return errorExpression(b, at);
  }
  const left = sum(b, operands, operators, from, dots[0]!, depth + 1);
  const right = sum(b, operands, operators, dots[0]! + 1, to, depth + 1);
  return { kind: "range", from: left, to: right, ...placed(b, at) };
}

function sum(
  b: Builder,
  operands: readonly (OperandCstNode | CountOperandCstNode)[],
  operators: readonly IToken[],
  from: number,
  to: number,
  depth: number,
): Expression {
  const below = depth + to - from;
  let total: Expression | undefined;
  let pending: BinaryOperator = "+";
  let product = operand(b, operands[from]!, below);
  for (let i = from; i < to; i++) {
    const operator = operators[i]!.image as BinaryOperator;
    const right = operand(b, operands[i + 1]!, below);
    if (operator === "*" || operator === "/") {
      product = binary(b, operator, product, right);
    } else {
      total = total === undefined ? product : binary(b, pending, total, product);
      pending = operator;
      product = right;
    }
  }
  return total === undefined ? product : binary(b, pending, total, product);
}

function binary(b: Builder, operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: "binary", operator, left, right, ...placed(b, cover(left.span, right.span)) };
}

function operand(b: Builder, node: OperandCstNode | CountOperandCstNode, depth: number): Expression {
  const { Minus: signs = [], postfix: suffixes = [] } = node.children;
  const below = depth + signs.length + suffixes.length;
  if (below > maximumDepth) {
    b.report(diagnostic("NN1021", nodeSpan(b, node), { limit: maximumDepth }));
    return errorExpression(b, nodeSpan(b, node));
  }
  let result = primary(b, node, below);
  for (const suffix of suffixes) result = withSuffix(b, result, suffix, below);
  for (let i = signs.length - 1; i >= 0; i--) {
    const at = cover(tokenSpan(b, signs[i]!), result.span);
    result = { kind: "unary", operator: "-", operand: result, ...placed(b, at) };
  }
  return result;
}

function withSuffix(b: Builder, target: Expression, node: PostfixCstNode, depth: number): Expression {
  const { expressions: indices, Name: name } = node.children;
  const at = cover(target.span, nodeSpan(b, node));
  if (name !== undefined) return { kind: "as", target, name: identifier(b, name[0]!), ...placed(b, at) };
  return { kind: "index", target, indices: expressionList(b, indices?.[0], depth + 1), ...placed(b, at) };
}

function primary(b: Builder, node: OperandCstNode | CountOperandCstNode, depth: number): Expression {
  const children: OperandCstNode["children"] = node.children;
  if (children.call) return call(b, children.call[0]!, depth);
  if (children.NumberLiteral) return numberLiteral(b, children.NumberLiteral[0]!, children.Unit?.[0]);
  if (children.StringLiteral) return stringLiteral(b, children.StringLiteral[0]!);
  if (children.ColumnReference) return columnReference(b, children.ColumnReference[0]!);
  if (children.parenthesized) {
    const inner = children.parenthesized[0]!;
    const content = expression(b, inner.children.expression[0]!, depth + 1);
    return { kind: "parenthesized", inner: content, ...placed(b, nodeSpan(b, inner)) };
  }
  if (children.list) return list(b, children.list[0]!, depth);
  if (children.object) {
    const entries = (children.object[0]!.children.entry ?? []).map((e) => entry(b, e, depth + 1));
    return { kind: "object", entries, ...placed(b, nodeSpan(b, children.object[0]!)) };
  }
  if (children.repeat) return repeat(b, children.repeat[0]!, depth);
  const truth = (children.True ?? children.False)![0]!;
  return { kind: "boolean", value: children.True !== undefined, ...placed(b, tokenSpan(b, truth)) };
}

function call(b: Builder, node: CallCstNode, depth: number): Expression {
  const callee = path(b, node.children.path[0]!);
  if (node.children.LParen === undefined) return callee;
  const args = (node.children.argument ?? []).map((a) => argument(b, a, depth + 1));
  return { kind: "call", callee, arguments: args, ...placed(b, nodeSpan(b, node)) };
}

/** An argument of a call, by its name or without. */
export function argument(b: Builder, node: ArgumentCstNode, depth: number): CallArgument {
  const value = expression(b, node.children.expression[0]!, depth);
  const name = node.children.Name?.[0];
  const at = placed(b, nodeSpan(b, node));
  return { kind: "argument", ...(name === undefined ? {} : { name: identifier(b, name) }), value, ...at };
}

/** `relu`, `first.output`, `trunk.*`. */
export function path(b: Builder, node: PathCstNode): PathExpression {
  const { Name: names = [], Star: stars = [] } = node.children;
  const written =
    stars.length === 0 ? names : [...names, ...stars].sort((x, y) => x.startOffset - y.startOffset);
  const segments = written.map((token) => identifier(b, token));
  return { kind: "path", segments, ...placed(b, nodeSpan(b, node)) };
}

function list(b: Builder, node: ListCstNode, depth: number): Expression {
  const at = nodeSpan(b, node);
  const loop = node.children.comprehension?.[0]?.children;
  if (loop === undefined) {
    return {
      kind: "list",
      items: expressionList(b, node.children.expressions?.[0], depth + 1),
      ...placed(b, at),
    };
  }
  return {
    kind: "comprehension",
    variable: identifier(b, loop.Name[0]!),
    range: expression(b, loop.expression[0]!, depth + 1),
    body: expression(b, loop.expression[1]!, depth + 1),
    ...placed(b, at),
  };
}

function entry(b: Builder, node: EntryCstNode, depth: number): ObjectEntry {
  const { Name: name, StringLiteral: quoted } = node.children;
  const key: Identifier =
    quoted === undefined
      ? identifier(b, name![0]!)
      : {
          kind: "identifier",
          name: stringLiteral(b, quoted[0]!).value,
          ...placed(b, tokenSpan(b, quoted[0]!)),
        };
  const value = expression(b, node.children.expression[0]!, depth);
  return { kind: "entry", key, value, ...placed(b, cover(key.span, value.span)) };
}

function repeat(b: Builder, node: RepeatCstNode, depth: number): Expression {
  return {
    kind: "repeat",
    count: expression(b, node.children.count[0]!, depth + 1),
    body: expression(b, node.children.expression[0]!, depth + 1),
    ...placed(b, nodeSpan(b, node)),
  };
}

function expressionList(b: Builder, node: ExpressionsCstNode | undefined, depth: number): Expression[] {
  return (node?.children.expression ?? []).map((e) => expression(b, e, depth));
}

/** `category("a", "b")[seq]?`. */
export function typeExpression(b: Builder, node: TypeCstNode): TypeExpression {
  const { Name: base, LParen: withArguments, LSquare: withDimensions, Question: optional } = node.children;
  const lists = node.children.expressions ?? [];
  return {
    kind: "type",
    base: identifier(b, base[0]!),
    arguments: withArguments === undefined ? [] : expressionList(b, lists[0], 1),
    dimensions: withDimensions === undefined ? [] : expressionList(b, lists.at(-1), 1),
    optional: optional !== undefined,
    ...placed(b, nodeSpan(b, node)),
  };
}
