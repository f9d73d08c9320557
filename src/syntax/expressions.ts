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
import {
  errorExpression,
  identifier,
  nodeSpan,
  placed,
  tokenSpan,
  type Builder,
  present,
} from "./builder.js";
import { columnReference, numberLiteral, stringLiteral } from "./literals.js";
import { checkedStage } from "./stages.js";

/** Deeper trees are refused, so that whoever walks them later may use the stack. */
const maximumDepth = 1000;

type OperandNode = OperandCstNode | CountOperandCstNode;

/** Operands with the operators between them: a first one, then an operator and an operand each. */
interface Chain {
  readonly first: OperandNode;
  readonly links: { readonly operator: IToken; readonly operand: OperandNode }[];
}

/** An expression and everything in it. `depth` is how far below its item it stands. */
export function expression(b: Builder, node: ExpressionCstNode | CountCstNode, depth = 0): Expression {
  const [first, ...others] = operandsOf(node);
  const operators = node.children.Operator;
  if (operators === undefined) return operand(b, first, depth);
  const links = operators.flatMap((operator, i) => {
    const right = others[i];
    return right === undefined ? [] : [{ operator, operand: right }];
  });
  const [head, ...later] = split({ first, links }, "|>").parts;
  const start = range(b, head, depth + 1);
  if (later.length === 0) return start;
  const pipeStart = nodeSpan(b, node).start;
  const stages = later.map((part) =>
    checkedStage(b, range(b, part, depth + 1), { pipeStart, head: nodeSpan(b, part.first) }),
  );
  return { kind: "pipe", stages: [start, ...stages], ...placed(b, nodeSpan(b, node)) };
}

function operandsOf(node: ExpressionCstNode | CountCstNode): readonly [OperandNode, ...OperandNode[]] {
  return "operand" in node.children ? node.children.operand : node.children.countOperand;
}

/** The chains between the operators that are written so, and these operators. */
function split(chain: Chain, image: string): { parts: [Chain, ...Chain[]]; between: IToken[] } {
  let part: Chain = { first: chain.first, links: [] };
  const parts: [Chain, ...Chain[]] = [part];
  const between: IToken[] = [];
  for (const link of chain.links) {
    if (link.operator.image !== image) {
      part.links.push(link);
      continue;
    }
    between.push(link.operator);
    part = { first: link.operand, links: [] };
    parts.push(part);
  }
  return { parts, between };
}

function range(b: Builder, chain: Chain, depth: number): Expression {
  const first = nodeSpan(b, chain.first);
  const last = chain.links.at(-1);
  const at = last === undefined ? first : cover(first, nodeSpan(b, last.operand));
  if (depth + chain.links.length > maximumDepth) {
    b.report(diagnostic("NN1021", at, { limit: maximumDepth }));
    return errorExpression(b, at);
  }
  const { parts, between } = split(chain, "..");
  const [from, to] = parts;
  if (to === undefined) return sum(b, from, depth);
  const second = between[1];
  if (second !== undefined) {
    b.report(diagnostic("NN1016", tokenSpan(b, second), {}));
    return errorExpression(b, at);
  }
  return { kind: "range", from: sum(b, from, depth + 1), to: sum(b, to, depth + 1), ...placed(b, at) };
}

function sum(b: Builder, chain: Chain, depth: number): Expression {
  const below = depth + chain.links.length;
  let total: Expression | undefined;
  let pending: BinaryOperator = "+";
  let product = operand(b, chain.first, below);
  for (const link of chain.links) {
    const operator = binaryOperator(link.operator);
    const right = operand(b, link.operand, below);
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

/** Pipes and ranges are split off before, so that whatever else stands here adds. */
function binaryOperator(token: IToken): BinaryOperator {
  const { image } = token;
  return image === "-" || image === "*" || image === "/" ? image : "+";
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
  if (name !== undefined) return { kind: "as", target, name: identifier(b, name[0]), ...placed(b, at) };
  return { kind: "index", target, indices: expressionList(b, indices?.[0], depth + 1), ...placed(b, at) };
}

function primary(b: Builder, node: OperandCstNode | CountOperandCstNode, depth: number): Expression {
  const children: OperandCstNode["children"] = node.children;
  if (children.call) return call(b, children.call[0], depth);
  if (children.NumberLiteral) return numberLiteral(b, children.NumberLiteral[0], children.Unit?.[0]);
  if (children.StringLiteral) return stringLiteral(b, children.StringLiteral[0]);
  if (children.ColumnReference) return columnReference(b, children.ColumnReference[0]);
  if (children.parenthesized) {
    const inner = children.parenthesized[0];
    const content = expression(b, inner.children.expression[0], depth + 1);
    return { kind: "parenthesized", inner: content, ...placed(b, nodeSpan(b, inner)) };
  }
  if (children.list) return list(b, children.list[0], depth);
  if (children.object) {
    const entries = (children.object[0].children.entry ?? []).map((e) => entry(b, e, depth + 1));
    return { kind: "object", entries, ...placed(b, nodeSpan(b, children.object[0])) };
  }
  if (children.repeat) return repeat(b, children.repeat[0], depth);
  const truth = present(children.True ?? children.False)[0];
  return { kind: "boolean", value: children.True !== undefined, ...placed(b, tokenSpan(b, truth)) };
}

function call(b: Builder, node: CallCstNode, depth: number): Expression {
  const callee = path(b, node.children.path[0]);
  if (node.children.LParen === undefined) return callee;
  const args = (node.children.argument ?? []).map((a) => argument(b, a, depth + 1));
  return { kind: "call", callee, arguments: args, ...placed(b, nodeSpan(b, node)) };
}

/** An argument of a call, by its name or without. */
export function argument(b: Builder, node: ArgumentCstNode, depth: number): CallArgument {
  const value = expression(b, node.children.expression[0], depth);
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
    variable: identifier(b, loop.Name[0]),
    range: expression(b, loop.expression[0], depth + 1),
    body: expression(b, loop.expression[1]!, depth + 1),
    ...placed(b, at),
  };
}

function entry(b: Builder, node: EntryCstNode, depth: number): ObjectEntry {
  const { Name: name, StringLiteral: quoted } = node.children;
  const key: Identifier =
    quoted === undefined
      ? identifier(b, present(name)[0])
      : {
          kind: "identifier",
          name: stringLiteral(b, quoted[0]).value,
          ...placed(b, tokenSpan(b, quoted[0])),
        };
  const value = expression(b, node.children.expression[0], depth);
  return { kind: "entry", key, value, ...placed(b, cover(key.span, value.span)) };
}

function repeat(b: Builder, node: RepeatCstNode, depth: number): Expression {
  return {
    kind: "repeat",
    count: expression(b, node.children.count[0], depth + 1),
    body: expression(b, node.children.expression[0], depth + 1),
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
    base: identifier(b, base[0]),
    arguments: withArguments === undefined ? [] : expressionList(b, lists[0], 1),
    dimensions: withDimensions === undefined ? [] : expressionList(b, lists.at(-1), 1),
    optional: optional !== undefined,
    ...placed(b, nodeSpan(b, node)),
  };
}
