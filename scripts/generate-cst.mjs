import { writeFileSync } from "node:fs";
import { generateCstDts } from "chevrotain";
import { grammarRules } from "../dist/grammar/index.js";
import { withParts } from "./cst-types.mjs";

const target = new URL("../grammar/cst.generated.d.ts", import.meta.url);
writeFileSync(target, withParts(generateCstDts(grammarRules())));
