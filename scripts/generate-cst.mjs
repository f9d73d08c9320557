// Writes grammar/cst.generated.d.ts from the built grammar: `npm run build && node scripts/generate-cst.mjs`.
import { writeFileSync } from "node:fs";
import { generateCstDts } from "chevrotain";
import { grammarRules } from "../dist/grammar/index.js";

const target = new URL("../grammar/cst.generated.d.ts", import.meta.url);
writeFileSync(target, generateCstDts(grammarRules()));
