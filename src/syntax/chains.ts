import type { IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/index.js";
import { cover } from "../source/index.js";
import { errorExpression, tokenSpan, type Builder } from "./builder.js";
import { checkedStage } from "./stages.js";
import type { BinaryOperator, Expression } from "./tree.js";

/** An operator and what stands behind it. */
export interface Link {
  readonly operator: IToken;
  readonly operand: Expression;
}

/** Operands with the operators between them: a first one, then an operator and an operand each. */
interface Chain {
  readonly first: Expression;
  readonly links: Link[];
}

/** An expression, and how many levels of the tree it takes. */
export interface Measured {
  readonly expression: Expression;
  readonly height: number;
}

/** Settles the precedence of a chain's operators. `below` is the height of its highest operand. */
export function chained(b: Builder, first: Expression, links: Link[], below: number): Measured {
  const [head, ...later] = split({ first, links }, "|>").parts;
  const start = range(b, head, below);
  if (later.length === 0) return start;
  const stages = [start.expression];
  let height = start.height;
  for (const part of later) {
    const read = range(b, part, below);
    const place = { pipeStart: first.span.start, head: part.first.span };
    stages.push(checkedStage(b, read.expression, place));
    height = Math.max(height, read.height);
  }
  return {
    expression: { kind: "pipe", stages, ...across(first, lastOf({ first, links })) },
    height: height + 1,
  };
}

function lastOf({ first, links }: Chain): Expression {
  return links.at(-1)?.operand ?? first;
}

/** The place of what goes from one node to another one. */
function across(from: Expression, to: Expression) {
  return { span: cover(from.span, to.span), first: from.first, last: to.last };
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

function range(b: Builder, chain: Chain, below: number): Measured {
  const { first, links } = chain;
  if (links.length === 0) return { expression: first, height: below };
  const height = below + links.length;
  const place = across(first, lastOf(chain));
  const { parts, between } = split(chain, "..");
  const [from, to] = parts;
  if (to === undefined) return { expression: sum(from), height };
  const second = between[1];
  if (second !== undefined) {
    b.report(diagnostic("NN1016", tokenSpan(b, second), {}));
    return { expression: errorExpression(b, place.span), height: 0 };
  }
  return { expression: { kind: "range", from: sum(from), to: sum(to), ...place }, height };
}

function sum(chain: Chain): Expression {
  let total: Expression | undefined;
  let pending: BinaryOperator = "+";
  let product = chain.first;
  for (const { operator: token, operand } of chain.links) {
    const operator = binaryOperator(token);
    if (operator === "*" || operator === "/") {
      product = binary(operator, product, operand);
    } else {
      total = total === undefined ? product : binary(pending, total, product);
      pending = operator;
      product = operand;
    }
  }
  return total === undefined ? product : binary(pending, total, product);
}

/** Pipes and ranges are split off before, so that whatever else stands here adds. */
function binaryOperator(token: IToken): BinaryOperator {
  const { image } = token;
  return image === "-" || image === "*" || image === "/" ? image : "+";
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  const span = cover(left.span, right.span);
  return { kind: "binary", operator, left, right, span, first: left.first, last: right.last };
}
