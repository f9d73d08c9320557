export { someOf } from "./bounded.js";
export { catalogue } from "./catalogue.js";
export type { Code, ParametersOf } from "./catalogue.js";
export { diagnostic, hasErrors } from "./diagnostic.js";
export type { Diagnostic, DiagnosticExtras, RelatedPlace } from "./diagnostic.js";
export { Hints } from "./hints.js";
export { Report } from "./report.js";
export type { Reported } from "./report.js";
export { didYouMean, suggestions } from "./suggest.js";
