export { catalogue } from "./catalogue.js";
export type { Code, ParametersOf } from "./catalogue.js";
export { diagnostic, hasErrors } from "./diagnostic.js";
export type { Diagnostic, DiagnosticExtras, RelatedPlace } from "./diagnostic.js";
export type { Severity } from "./define.js";
export { didYouMean } from "./suggest.js";
