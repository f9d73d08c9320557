import type { IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/index.js";
import { cover } from "../source/index.js";
import { errorExpression, tokenSpan, type Builder } from "./builder.js";
import { checkedStage } from "./stages.js";
import type { BinaryOperator, Expression, Placed } from "./tree.js";

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

/** Settles the precedence of a chain's operators. */
export function chained(b: Builder, first: Expression, links: readonly Link[]): Expression {
  let part: Chain = { first, links: [] };
  const stages: Expression[] = [];
  const end = () => {
    const stage = range(b, part);
    const place = { pipeStart: first.span.start, head: part.first.span };
    stages.push(stages.length === 0 ? stage : checkedStage(b, stage, place));
  };
  for (const link of links) {
    if (link.operator.image !== "|>") {
      part.links.push(link);
      continue;
    }
    end();
    part = { first: link.operand, links: [] };
  }
  end();
  const [only] = stages;
  if (only !== undefined && stages.length === 1) return only;
  const { span, first: from, last } = across(first, links.at(-1)?.operand ?? first);
  return { kind: "pipe", stages, span, first: from, last };
}

/** How many levels of the tree a chain takes above its operands: a pipe is flat. */
export function levelsOf(links: readonly Link[]): number {
  let [longest, length, pipe] = [0, 0, 0];
  for (const { operator } of links) {
    if (operator.image === "|>") [length, pipe] = [0, 1];
    else longest = Math.max(longest, ++length);
  }
  return longest + pipe;
}

/** The place of what goes from one node to another one. */
function across(from: Expression, to: Expression): Placed {
  return { span: cover(from.span, to.span), first: from.first, last: to.last };
}

function range(b: Builder, chain: Chain): Expression {
  const { first, links } = chain;
  if (links.length === 0) return first;
  const at = links.findIndex(({ operator }) => operator.image === "..");
  if (at === -1) return sum(chain);
  const place = across(first, links.at(-1)?.operand ?? first);
  const rest = links.slice(at + 1);
  const second = rest.find(({ operator }) => operator.image === "..");
  if (second !== undefined) {
    b.report(diagnostic("NN1016", tokenSpan(b, second.operator), {}));
    return errorExpression(b, place.span);
  }
  const from = sum({ first, links: links.slice(0, at) });
  return { kind: "range", from, to: sum({ first: links[at]!.operand, links: rest }), ...place };
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
