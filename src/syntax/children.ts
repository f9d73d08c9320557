import type { Node } from "./tree.js";

type NodeOf<K extends Node["kind"]> = Extract<Node, { readonly kind: K }>;

/** Whether a property holds a node, several, or perhaps one. */
type Holds<V> = Exclude<V, undefined> extends Node | readonly Node[] ? true : false;

/** The names of those properties of a node that hold its children. */
type ChildKey<N> = { [P in keyof N & string]-?: Holds<N[P]> extends true ? P : never }[keyof N & string];

/** Which properties hold a node's children. Every walk over the tree goes by this table. */
const childKeys: { readonly [K in Node["kind"]]: readonly ChildKey<NodeOf<K>>[] } = {
  file: ["sections", "broken"],
  import: ["names", "from"],
  "import-name": ["name", "alias"],
  const: ["name", "value"],
  dim: ["name", "value"],
  block: ["name", "parameters", "items", "broken"],
  parameter: ["name", "type", "defaultValue"],
  model: ["name", "items", "broken"],
  task: ["name", "items", "broken"],
  train: ["name", "settings", "broken"],
  meta: ["settings", "broken"],
  data: ["items", "broken"],
  budget: ["limits", "broken"],
  limit: ["quantity", "value"],
  input: ["name", "type"],
  shared: ["name", "value"],
  weight: ["name", "type", "initializer"],
  return: ["value"],
  binding: ["name", "value"],
  setting: ["key", "pattern", "value"],
  label: ["key", "type"],
  broken: ["pieces"],
  type: ["base", "arguments", "dimensions"],
  identifier: [],
  number: [],
  string: [],
  boolean: [],
  column: [],
  error: [],
  path: ["segments"],
  call: ["callee", "arguments"],
  argument: ["name", "value"],
  index: ["target", "indices"],
  as: ["target", "name"],
  unary: ["operand"],
  binary: ["left", "right"],
  range: ["from", "to"],
  pipe: ["stages"],
  parenthesized: ["inner"],
  list: ["items"],
  comprehension: ["variable", "range", "body"],
  object: ["entries"],
  entry: ["key", "value"],
  repeat: ["count", "body"],
};

/** The children of a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  // The table's type has made sure that these properties hold nodes, and nothing else.
  const properties = node as unknown as { readonly [key: string]: Node | readonly Node[] | undefined };
  const keys: readonly string[] = childKeys[node.kind];
  for (const key of keys) {
    const child = properties[key];
    if (child === undefined) continue;
    if ("kind" in child) children.push(child);
    else for (const each of child) children.push(each);
  }
  const sorted = children.every((child, i) => i === 0 || children[i - 1]!.span.start <= child.span.start);
  return sorted ? children : children.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** A node and all below it, parents before children, in the order of the text. A `false` leaves out what is below. */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  const waiting: Node[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (visit(next) === false) continue;
    const children = childrenOf(next);
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]!);
  }
}

/** The innermost node that an offset lies in, with all around it, the file first. */
export function pathTo(root: Node, offset: number): Node[] {
  const found: Node[] = [];
  for (let next: Node | undefined = root; next !== undefined;) {
    found.push(next);
    next = childrenOf(next).find(({ span }) => span.start <= offset && offset <= span.end);
  }
  return found;
}
