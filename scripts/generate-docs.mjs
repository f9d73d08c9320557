// Writes docs/diagnostics.md and docs/library.md from the catalogue and the library; needs a build. A test compares them.
import { writeFileSync } from "node:fs";
import { diagnosticsPage, libraryPage } from "../dist/src/document/pages.js";

writeFileSync(new URL("../docs/diagnostics.md", import.meta.url), diagnosticsPage());
writeFileSync(new URL("../docs/library.md", import.meta.url), libraryPage());
