export { writeFileAtomic } from "./atomic.js";
export {
  binaryColumn,
  findColumn,
  findColumnRange,
  indexColumn,
  missingInInput,
  missingInLabel,
  nameColumn,
  numberColumn,
  parseNumber,
  transformProblem,
} from "./columns.js";
export { readTable } from "./read.js";
export type { TableOptions } from "./read.js";
export { splitRows } from "./split.js";
export type { SplitParts, SplitRequest } from "./split.js";
export type { Table } from "./table.js";
