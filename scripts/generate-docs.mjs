// Writes docs/diagnostics.md and docs/library.md from the catalogue and the library; needs a build. A test compares them.
import { writeFileSync } from "node:fs";
import { diagnosticsPage } from "../dist/src/diagnostics/page.js";
import { libraryPage } from "../dist/src/library/page.js";

writeFileSync(new URL("../docs/diagnostics.md", import.meta.url), diagnosticsPage());
writeFileSync(new URL("../docs/library.md", import.meta.url), libraryPage());
