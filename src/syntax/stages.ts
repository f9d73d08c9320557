import { diagnostic } from "../diagnostics/index.js";
import type { Span } from "../source/index.js";
import type { Expression } from "./tree.js";
import { errorExpression, excerpt, type Builder } from "./builder.js";

/** Where a pipe begins, and the first operand of the stage: what a hint about parentheses quotes. */
interface StagePlace {
  readonly pipeStart: number;
  readonly head: Span;
}

/** The stage itself if it can take a value, else an error that tells how to write it. */
export function checkedStage(b: Builder, stage: Expression, place: StagePlace): Expression {
  let bare = stage;
  while (bare.kind === "as") bare = bare.target;
  switch (bare.kind) {
    case "call":
    case "path":
    case "repeat":
    case "parenthesized":
    case "error":
      return stage;
    default:
      b.report(diagnostic("NN1015", stage.span, { stage: describe(bare) }, { hint: hint(b, bare, place) }));
      return errorExpression(b, stage.span);
  }
}

function describe(stage: Expression): string {
  switch (stage.kind) {
    case "binary":
      return `an operation with \`${stage.operator}\``;
    case "range":
      return "a range";
    case "unary":
      return "a negated value";
    case "index":
      return "an indexed value";
    case "comprehension":
      return "a list";
    default:
      return stage.kind === "object" ? "an object" : `a ${stage.kind}`;
  }
}

function hint(b: Builder, stage: Expression, { pipeStart, head }: StagePlace): string | undefined {
  if (stage.kind !== "binary") return undefined;
  const piped = excerpt(b, pipeStart, head.end);
  const rest = excerpt(b, head.end, stage.span.end);
  if (piped === undefined || rest === undefined) return "Put the pipe into parentheses.";
  return `Put the pipe into parentheses: \`(${piped})${rest.startsWith(" ") ? "" : " "}${rest}\`.`;
}
