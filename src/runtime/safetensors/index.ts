export { FormatError } from "./format-error.js";
export { readSafetensors } from "./read.js";
export { writeSafetensors } from "./write.js";
