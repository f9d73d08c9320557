import type { Places } from "../document/places.js";
import type { ModelDocument } from "../document/types.js";
import type { Span } from "../source/index.js";
import type { Edit } from "./edits.js";

/** Stages, each a plain call or a bare name. */
const STAGES = /^(?:\s*\|>\s*[A-Za-z_]\w*(?:\([^()]*\))?)*/;

/**
 * The edits that move a shared layer, with what follows it in its pipe, out of the shared part, and give each task one of its
 * own; undefined where the text is not of the simple form that this can edit.
 */
export function splitEdits(
  document: ModelDocument,
  places: Places,
  layer: string,
  tasks: readonly string[],
): Edit[] | undefined {
  const node = document.nodes.findIndex(({ weights }) =>
    Object.values(weights).some((path) => path.startsWith(`${layer}.`)),
  );
  const span = places.get(`/nodes/${node}`);
  if (!span || span.source.path.endsWith(".json")) return undefined;
  const { text } = span.source;
  const before = /\s*\|>\s*$/.exec(text.slice(0, span.start));
  const after = STAGES.exec(text.slice(span.end))?.[0] ?? "";
  const end = span.end + after.length;
  if (!before || /^\s*(\||as\b|\()/.test(text.slice(end))) return undefined;
  const stages = text.slice(span.start, end);
  const [shared = layer] = layer.split(".");
  const moved = tasks.map((task) => {
    const output = places.get(`/tasks/${document.tasks.findIndex(({ name }) => name === task)}/output`);
    if (!output || output.source !== span.source) return undefined;
    const at = insertionOf(document, places, task, shared, output);
    return at === undefined ? undefined : { start: at, end: at, text: ` |> ${stages}` };
  });
  const edits = moved.filter((edit) => edit !== undefined);
  if (edits.length < moved.length) return undefined;
  return [{ start: before.index, end, text: "" }, ...edits];
}

/** Where a task's output has just used the shared part: after its name, or after the tensor that it made. */
function insertionOf(
  document: ModelDocument,
  places: Places,
  task: string,
  shared: string,
  output: Span,
): number | undefined {
  const text = output.source.text.slice(output.start, output.end);
  const applied = [...text.matchAll(/\|>\s*([A-Za-z_]\w*)(?!\s*[.(\w])/g)].find(
    ([, name]) => name === shared,
  );
  if (applied) return output.start + applied.index + applied[0].length;
  const head = /^([A-Za-z_]\w*)(\s*\|>\s*)/.exec(text);
  if (!head) return undefined;
  // The tensor must come from outside the task; one that the task has computed further is not the shared part's result.
  const second = output.start + head[0].length;
  const index = document.nodes.findIndex((_, i) => places.get(`/nodes/${i}`)?.start === second);
  const from = document.nodes[index]?.inputs[0];
  return from === undefined || from.startsWith(`${task}.`) ? undefined : output.start + head[1]!.length;
}
