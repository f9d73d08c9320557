export { cover, lineText, makeSource, positionAt, span } from "./source.js";
export type { Position, Source, Span } from "./source.js";
