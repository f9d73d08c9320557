// `npm run metalearning`: the sinusoids of the MAML paper and few-shot classes, every algorithm on the same test tasks. Writes
// docs/meta-learning.json, the tables in docs/meta-learning.md and its pictures. `-- --only sinusoids|letters|digits` takes one
// part and writes nothing; `-- --quick` takes a hundredth of the meta-steps and one seed, to see that it runs.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeJson, writeResults } from "./compare.mjs";
import { compareClasses, CLASSES } from "./metalearning/classes.mjs";
import { drawErrors, drawTask } from "./metalearning/pictures.mjs";
import { compareSinusoids } from "./metalearning/sinusoids.mjs";

const { values: options } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean" } } });
const wanted = (name) => options.only === undefined || options.only === name;
const quick = options.quick === true;

const sinusoids = wanted("sinusoids") ? await compareSinusoids(quick) : undefined;
const classes = [];
for (const each of CLASSES) if (wanted(each.name)) classes.push(await compareClasses(each, quick));

const tables = [sinusoids, ...classes].flatMap((part) => (part ? [part.text] : [])).join("\n\n");
console.log(`\n${tables}`);

if (options.only === undefined && !quick) {
  const docs = new URL("../docs/", import.meta.url);
  writeFileSync(new URL("meta-learning-errors.svg", docs), await drawErrors(sinusoids.errors));
  writeFileSync(new URL("meta-learning-task.svg", docs), await drawTask(sinusoids.task));
  await writeResults(new URL("meta-learning.md", docs), tables);
  await writeJson(new URL("meta-learning.json", docs), {
    node: process.version,
    sinusoids: sinusoids.errors,
    classes: classes.map(({ name, results }) => ({ name, results })),
  });
}
