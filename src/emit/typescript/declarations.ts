import { docComment } from "./literals.js";
import { docsOf, moduleHead, startOf, type ModuleParts } from "./module.js";
import { threadsDoc } from "./threads.js";
import { printTypes } from "./types.js";
import { metaModelTypes, modelTypes } from "./types.generated.js";

/** The types of a module without any import, which import nothing either: the declarations that lie beside it. */
export function emitStandaloneTypes(parts: ModuleParts): string {
  const { document, descriptor, threads } = parts;
  const { seed } = descriptor.train;
  const [doc, options] =
    threads === true
      ? [threadsDoc(seed), "{ seed?: number; threads?: number }"]
      : [`Starts the model: its weights begin as the seed says (${seed} by default).`, "{ seed?: number }"];
  return [
    moduleHead(parts),
    printTypes(descriptor, docsOf(document)),
    "\n",
    `${docComment(doc)}export declare function createModel(options?: ${options}): Promise<${startOf(parts).model}<Types>>;\n\n`,
    "// What models of nnspec have in common.\n\n",
    descriptor.meta ? metaModelTypes : modelTypes,
  ].join("");
}
