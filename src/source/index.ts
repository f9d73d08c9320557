export { cover, lineText, makeSource, positionAt, span, trimBreaks, wholeFile } from "./source.js";
export type { Position, Source, Span } from "./source.js";
