// Writes docs/diagnostics.md, docs/library.md and docs/api.md from what the code says; needs a build. A test compares them.
import { writeFileSync } from "node:fs";
import { optionsOfCalls } from "../dist/src/calls.js";
import { diagnosticsPage } from "../dist/src/diagnostics/page.js";
import { libraryPage } from "../dist/src/library/page.js";
import { optionsOf, startOptions } from "../dist/src/runtime/arguments.js";
import { metaOptionsOf } from "../dist/src/runtime/meta/arguments.js";
import { format, resolveConfig } from "prettier";
import { apiPage } from "./api/page.mjs";

writeFileSync(new URL("../docs/diagnostics.md", import.meta.url), diagnosticsPage());
writeFileSync(new URL("../docs/library.md", import.meta.url), libraryPage());

const api = new URL("../docs/api.md", import.meta.url);
const page = apiPage({ ...optionsOfCalls, createModel: startOptions, ...optionsOf, ...metaOptionsOf });
const style = await resolveConfig(api);
writeFileSync(api, await format(page, { ...style, parser: "markdown" }));
