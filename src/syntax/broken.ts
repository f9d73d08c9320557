import type { CstNode, IToken } from "chevrotain";
import type {
  ArgumentCstNode,
  ExpressionCstNode,
  PathCstNode,
  TypeCstNode,
} from "../../grammar/cst.generated.js";
import { brokenKey } from "../../grammar/index.js";
import { identifier, nodeSpan, placed, type Builder } from "./builder.js";
import { argument, expression, path, typeExpression } from "./expressions.js";
import type { BrokenItem, Identifier, Node } from "./tree.js";

/** Items that were read to their end. */
export function whole<N extends CstNode>(items: readonly N[] | undefined): readonly N[] {
  return (items ?? []).filter((item) => item.recoveredNode !== true);
}

/** The items of a body that could not be read, each with the pieces of it that could. */
export function brokenItems(b: Builder, body: CstNode): BrokenItem[] {
  const broken = nodesOf(body, brokenKey);
  if (broken.length === 0) return [];
  const partial = new Map(
    Object.values(body.children)
      .flat()
      .flatMap((item) =>
        "children" in item && item.recoveredNode === true ? [[nodeSpan(b, item).start, item]] : [],
      ),
  );
  return broken.map((node) => {
    const at = nodeSpan(b, node);
    const item = partial.get(at.start);
    // What was read past the stretch belongs to the next item, and is read again as that.
    const pieces = item === undefined ? [] : salvage(b, item).filter(({ span }) => span.end <= at.end);
    const name = item === undefined ? undefined : declaredName(b, item, pieces);
    return { kind: "broken", ...(name === undefined ? {} : { name }), pieces, ...placed(b, at) };
  });
}

function nodesOf(node: CstNode, key: string): CstNode[] {
  return (node.children[key] ?? []).filter((child): child is CstNode => "children" in child);
}

/** Trees that are pieces of their own. */
type Piece = ExpressionCstNode | PathCstNode | TypeCstNode | ArgumentCstNode;

const pieceRules: ReadonlySet<string> = new Set<Piece["name"]>(["expression", "path", "type", "argument"]);

function isPiece(node: CstNode): node is Piece {
  return pieceRules.has(node.name);
}

function convert(b: Builder, node: Piece): Node {
  switch (node.name) {
    case "expression":
      return expression(b, node);
    case "path":
      return path(b, node);
    case "type":
      return typeExpression(b, node);
    case "argument":
      return argument(b, node, 0);
  }
}

/** The largest pieces of a tree that were read to their end. */
function salvage(b: Builder, item: CstNode): Node[] {
  const found: Node[] = [];
  const waiting: CstNode[] = [item];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isPiece(next) && next.recoveredNode !== true) {
      found.push(convert(b, next));
      continue;
    }
    for (const child of Object.values(next.children).flat()) {
      if ("children" in child) waiting.push(child);
      else if (child.tokenType.name === "Name") found.push(identifier(b, child));
    }
  }
  return found.sort((x, y) => x.span.start - y.span.start);
}

/** Rules whose items declare a name, which is the first one in them. */
const declaring = new Set([
  "inputDeclaration",
  "sharedDeclaration",
  "weightDeclaration",
  "taskDeclaration",
  "constSection",
  "dimSection",
  "blockSection",
  "modelSection",
  "binding",
]);

function declaredName(b: Builder, item: CstNode, pieces: readonly Node[]): Identifier | undefined {
  const inner = Object.values(item.children)
    .flat()
    .find((child): child is CstNode => "children" in child);
  const rule = declaring.has(item.name)
    ? item
    : inner !== undefined && declaring.has(inner.name)
      ? inner
      : undefined;
  const token = rule?.children["Name"]?.find((child): child is IToken => "image" in child);
  if (token === undefined) return undefined;
  return pieces.find(
    (piece): piece is Identifier => piece.kind === "identifier" && piece.span.start === token.startOffset,
  );
}
