import type { Analysis, Compilation } from "../../src/compile.js";
import type { Diagnostic } from "../../src/diagnostics/index.js";
import type { ModelDocument } from "../../src/document/types.js";
import { walk } from "../../src/syntax/children.js";
import type { Tree } from "../../src/syntax/tree.js";

/** What a detector looks at; a test plants faults in it. */
export interface Front {
  readonly compile: (text: string) => Analysis & Pick<Compilation, "document">;
  readonly print: (tree: Tree) => string;
  readonly render: (diagnostics: readonly Diagnostic[]) => string;
  /** Milliseconds of this process's CPU. */
  readonly cpu: () => number;
}

export interface Finding {
  readonly what: "throws" | "lossy" | "lost a task" | "over the bounds" | "same document";
  readonly detail: string;
}

export interface Limits {
  /** Milliseconds of CPU for one text; none where the machine is shared. */
  readonly cpu?: number;
}

/** What is wrong with how a text is read. `original` is a document that a text before the change gave. */
export function inspect(
  front: Front,
  text: string,
  limits: Limits = {},
  original?: ModelDocument,
): Finding[] {
  const before = front.cpu();
  let result: ReturnType<Front["compile"]>;
  try {
    result = front.compile(text);
    front.render(result.diagnostics);
  } catch (error) {
    return [
      { what: "throws", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    ];
  }
  const took = front.cpu() - before;
  return [
    ...overBounds(result, took, limits),
    ...lossy(front, result, text),
    ...lostTask(result),
    ...sameDocument(result.document, original),
  ];
}

/** Messages and work are bounded, whatever a text says. */
function overBounds({ checked, diagnostics }: Analysis, took: number, { cpu = Infinity }: Limits): Finding[] {
  const found: string[] = [];
  if (took > cpu) found.push(`${took.toFixed(0)} ms of CPU`);
  if (diagnostics.length > 501) found.push(`${diagnostics.length} messages`);
  if (checked.work > 160_000) found.push(`${checked.work} items made`);
  return found.map((detail) => ({ what: "over the bounds", detail }));
}

function lossy(front: Front, { tree }: Analysis, text: string): Finding[] {
  const printed = front.print(tree);
  if (printed === text) return [];
  const at = [...printed].findIndex((c, i) => c !== text[i]);
  return [{ what: "lossy", detail: `from character ${at}: ${JSON.stringify(printed.slice(at, at + 20))}` }];
}

/** A document has every task that its text declares. */
function lostTask({ tree, document }: ReturnType<Front["compile"]>): Finding[] {
  if (!document) return [];
  let declared = 0;
  walk(tree, (node) => void (node.kind === "task" && declared++));
  const kept = document.tasks.length;
  return kept >= declared ? [] : [{ what: "lost a task", detail: `${kept} of ${declared}` }];
}

/** A changed text whose document is as before may have lost what was changed; somebody has to look. */
function sameDocument(document: ModelDocument | undefined, original: ModelDocument | undefined): Finding[] {
  if (!document || !original || JSON.stringify(document) !== JSON.stringify(original)) return [];
  return [{ what: "same document", detail: "" }];
}
