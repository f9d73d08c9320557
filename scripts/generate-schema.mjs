// Writes grammar/model.schema.json from the library; needs a build. A test compares the two.
import { writeFileSync } from "node:fs";
import { modelSchema } from "../dist/src/document/schema.js";

writeFileSync(
  new URL("../grammar/model.schema.json", import.meta.url),
  `${JSON.stringify(modelSchema(), null, 2)}\n`,
);
