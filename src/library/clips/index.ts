import type { ClipEntry } from "../entry.js";
import { globalNorm } from "./global_norm.js";
import { value } from "./value.js";

export const clips: readonly ClipEntry[] = [globalNorm, value];
