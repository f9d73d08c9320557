import { isOutput } from "./chain.js";
import type { Group } from "./group.js";
import type { Node, Operand } from "./node.js";
import { showExtent } from "./extent.js";

const INFIX: ReadonlyMap<string, string> = new Map([
  ["add", "+"],
  ["sub", "-"],
  ["mul", "*"],
  ["div", "/"],
  ["eq", "="],
  ["lt", "<"],
  ["le", "<="],
  ["and", "and"],
  ["or", "or"],
]);

/** Longer expressions are cut: this is for readers. */
const LONGEST = 120;

/** What a chain computes, in words: `h = max(x + bias, 0); d_bias = sum of columns(d_h)`. */
export function formula(group: Group, nodes: readonly Node[], label: (id: number) => string): string {
  return nodes
    .filter((n) => isOutput(group, n))
    .map((n) => `${label(n.value)} = ${cut(new Writer(group, label).expression(n, true))}`)
    .join("; ");
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

class Writer {
  /** Characters written: what is beyond the cut is not worked out. */
  private written = 0;

  constructor(
    private readonly group: Group,
    private readonly label: (id: number) => string,
  ) {}

  expression(node: Node, own = false): string {
    if (!own && isOutput(this.group, node)) return this.write(this.label(node.value));
    if (this.written > LONGEST) return "…";
    const operands = node.operands.map((o) => this.operand(o));
    const [first = ""] = operands;
    // A helper only repeats its operand along another axis.
    if (node.value === undefined) return first;
    const infix = INFIX.get(node.text);
    if (infix !== undefined) return `(${operands.join(` ${infix} `)})`;
    if (node.text === "cast" || node.text === "reshape") return first;
    return `${this.write(nameOf(node))}(${operands.join(", ")})`;
  }

  private operand(o: Operand): string {
    if (o.kind === "node") return this.expression(o.node);
    if (o.kind === "memory") return this.write(this.label(o.source));
    if (o.kind === "size") return this.write(showExtent(o.extent));
    return this.write(String(o.kind === "float" ? Number(o.value.toPrecision(6)) : o.value));
  }

  private write(text: string): string {
    this.written += text.length + 2;
    return text;
  }
}

function nameOf(node: Node): string {
  if (node.text === "sum") {
    if (node.length === "one") return "sum";
    return node.length === "column" ? "sum of rows" : "sum along rows";
  }
  return node.text === "max_reduce" ? "max along rows" : node.text;
}
