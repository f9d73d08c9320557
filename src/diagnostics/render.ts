import pc from "picocolors";
import { positionAt, type Position, type Source, type Span } from "../source/index.js";
import type { Severity } from "./define.js";
import type { Diagnostic } from "./diagnostic.js";
import { renderFrame, type Label, type Paint } from "./frame.js";
import { printable, printableLines } from "./printable.js";

/** How diagnostics are printed. */
export interface RenderOptions {
  /** Whether to write the escape sequences of a terminal. */
  readonly color: boolean;
}

/** A diagnostic as tools read it; lines and characters are counted from 0. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly related: readonly Omit<DiagnosticJson, "code" | "severity" | "hint" | "related">[];
}

/** The message, where it is, the lines with everything marked, and the hint. */
export function renderDiagnostic(d: Diagnostic, { color }: RenderOptions): string {
  const c = pc.createColors(color);
  const severities = { error: c.red, warning: c.yellow, hint: c.cyan };
  const strong = severities[d.severity];
  const paint: Paint = {
    gutter: c.dim,
    mark: (text, primary) => (primary ? strong(text) : c.cyan(text)),
  };
  const rows = [`${c.bold(strong(`${d.severity}[${d.code}]`))}${c.bold(`: ${lines(d.message)}`)}`];
  for (const { source, labels } of bySource(d)) {
    const at = labels.find((l) => l.primary) ?? labels[0]!;
    rows.push(`  ${c.dim("──▶")} ${place(source, at.span)}`);
    // An empty file, or one that was never read, has no line to show, and one from elsewhere keeps its own.
    if (source.text !== "" && !source.hidden)
      for (const each of renderFrame(source, labels, paint)) rows.push(each);
  }
  if (d.hint !== undefined) rows.push(`  ${c.bold("hint")}: ${lines(d.hint)}`);
  return rows.join("\n");
}

/** All of them, in the given order, and a line that counts them. */
export function renderAll(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const counts = (["error", "warning", "hint"] as const)
    .map((severity) => ({ severity, count: diagnostics.filter((d) => d.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`);
  const summary = counts.length === 0 ? "no problems" : counts.join(", ");
  return [...diagnostics.map((d) => renderDiagnostic(d, options)), summary].join("\n\n");
}

/** The same for tools: plain data, ready for `JSON.stringify`. */
export function diagnosticToJson(d: Diagnostic): DiagnosticJson {
  const { code, severity, message, hint, span, related } = d;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...located(span),
    related: related.map((r) => ({ message: r.message, ...located(r.span) })),
  };
}

function located(span: Span): { file: string; range: { start: Position; end: Position } } {
  const { source, start, end } = span;
  return { file: source.path, range: { start: positionAt(source, start), end: positionAt(source, end) } };
}

/** The labels of each file together, that of the message first. */
function bySource(d: Diagnostic): { source: Source; labels: Label[] }[] {
  const first: Label = { span: d.span, message: "", primary: true };
  const groups = [{ source: d.span.source, labels: [first] }];
  for (const { span, message } of d.related) {
    const label = { span, message, primary: false };
    const group = groups.find((g) => g.source === span.source);
    if (group === undefined) groups.push({ source: span.source, labels: [label] });
    else group.labels.push(label);
  }
  return groups;
}

function place(source: Source, span: Span): string {
  const { line, character } = positionAt(source, span.start);
  return `${printable(source.path)}:${line + 1}:${character + 1}`;
}

/** Several lines of a message stay several lines. */
function lines(text: string): string {
  return printableLines(text).replaceAll("\n", "\n  ");
}
