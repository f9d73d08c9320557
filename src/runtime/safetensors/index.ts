export { FormatError } from "./format-error.js";
export { readMetadata, readSafetensors } from "./read.js";
export { writeSafetensors } from "./write.js";
