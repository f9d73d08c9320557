import type { IToken } from "chevrotain";
import { diagnostic } from "../diagnostics/index.js";
import { cover, type Span } from "../source/index.js";
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
  const pipeStart = first.span.start;
  const stage = (found: Expression, head: Span) => checkedStage(b, found, { pipeStart, head });
  // Most chains are layers and nothing else.
  if (links.every(isPipe))
    return pipe(
      first,
      links.map(({ operand }) => stage(operand, operand.span)),
    );
  const parts = partsBetweenPipes(first, links);
  const [head, ...others] = parts.map((part) => range(b, part));
  if (head === undefined || others.length === 0) return head ?? first;
  return pipe(
    head,
    others.map((other, i) => stage(other, parts[i + 1]!.first.span)),
  );
}

const isPipe = ({ operator }: Link): boolean => operator.image === "|>";

function partsBetweenPipes(first: Expression, links: readonly Link[]): readonly Chain[] {
  let part: Chain = { first, links: [] };
  const parts = [part];
  for (const link of links)
    if (isPipe(link)) parts.push((part = { first: link.operand, links: [] }));
    else part.links.push(link);
  return parts;
}

function pipe(head: Expression, others: readonly Expression[]): Expression {
  const { span, first, last } = across(head, others.at(-1) ?? head);
  return { kind: "pipe", stages: [head, ...others], span, first, last };
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
export function across(from: Placed, to: Placed): Placed {
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
