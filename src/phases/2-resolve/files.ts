import { diagnostic, didYouMean } from "../../diagnostics/index.js";
import { standardModules, standardText } from "../../library/std/index.js";
import { makeSource, type Span } from "../../source/index.js";
import type { BlockSection, ImportSection, Tree } from "../../syntax/tree.js";
import { parse } from "../1-parse.js";
import { evaluateConstant } from "./constants.js";
import { kindOf, parameterKind } from "./kinds.js";
import { resolveBlockOption, resolveComponent } from "./options.js";
import type { BlockTemplate, Constant } from "./resolved.js";
import { resolveScalar } from "./scalars.js";
import { childScope, declare, lookup, type Declared, type Resolution, type Scope } from "./scope.js";
import { resolveFunction, resolveValue } from "./values.js";
import { resolveTypeNames } from "./types.js";

const BLOCK_TYPES: readonly string[] = [
  "tensor",
  "tensors",
  "int",
  "float",
  "bool",
  "string",
  "activation",
  "layer",
];

/** What is shared by all files of one compilation. */
export interface Loader {
  readonly resolution: Resolution;
  readonly read: (path: string) => string | undefined;
  /** Finished files by path; `undefined` while one is being read. */
  readonly files: Map<string, ResolvedFile | undefined>;
  readonly trail: string[];
}

export interface ResolvedFile {
  readonly scope: Scope;
  readonly constants: Map<string, Constant | undefined>;
  readonly blocks: Map<string, BlockTemplate>;
}

/** Resolves the top level of a file: imports, constants, dimensions and blocks. */
export function resolveFile(loader: Loader, ast: Tree, path: string): ResolvedFile {
  const declared = ast.sections.flatMap((s) =>
    s.kind === "const" || s.kind === "dim" || s.kind === "block" ? [s.name.name] : [],
  );
  const file: ResolvedFile = {
    scope: childScope(undefined, declared),
    constants: new Map(),
    blocks: new Map(),
  };
  const r = loader.resolution;
  for (const section of ast.sections) {
    if (section.kind === "import") resolveImport(loader, file, section, path);
    else if (section.kind === "const" || section.kind === "dim") {
      resolveScalar(r, file.scope, section.value);
      const constant = evaluateConstant(section.value, (name) => file.constants.get(name), r.diagnostics);
      const good = section.kind === "const" || checkDimension(r, section.value.span, constant);
      declare(r, file.scope, section.name, {
        role: section.kind === "const" ? "a constant" : "a dimension",
        kind: constant === undefined || !good ? "unknown" : "scalar",
        span: section.name.span,
      });
      file.constants.set(section.name.name, good ? constant : undefined);
    } else if (section.kind === "block") resolveBlock(r, file, section);
  }
  return file;
}

function checkDimension(r: Resolution, span: Span, value: Constant | undefined): boolean {
  if (value === undefined) return false;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return true;
  r.diagnostics.push(diagnostic("NN2017", span, { reason: "A dimension is a whole number of at least 1" }));
  return false;
}

function resolveBlock(r: Resolution, file: ResolvedFile, block: BlockSection): void {
  const template: BlockTemplate = { declaration: block, constants: file.constants, blocks: file.blocks };
  const name = block.name.name;
  const items = block.items.flatMap((i) => (i.kind === "return" ? [] : [i.name.name]));
  const scope = childScope(file.scope, items);
  // Its own name stays undeclared while the body is resolved, so that a use of it there is found out.
  scope.names.set(name, { role: "a block", kind: "unknown", span: block.name.span });
  if (usesItself(block)) {
    r.diagnostics.push(diagnostic("NN2012", block.name.span, { cycle: `${name} → ${name}` }));
  }
  for (const parameter of block.parameters) {
    const type = parameter.type.base.name;
    if (!BLOCK_TYPES.includes(type)) {
      r.diagnostics.push(diagnostic("NN2025", parameter.type.span, { name: type }));
    }
    if (parameter.defaultValue) resolveBlockOption(r, scope, type, parameter.defaultValue);
    declare(r, scope, parameter.name, {
      role: "a parameter",
      kind: parameterKind(type),
      span: parameter.name.span,
    });
  }
  const typed = block.parameters.every((p) => BLOCK_TYPES.includes(p.type.base.name));
  let returns = false;
  for (const item of block.items) {
    if (item.kind === "return") {
      returns = true;
      resolveValue(r, scope, item.value);
    } else resolveItem(r, scope, item);
  }
  if (!returns) r.diagnostics.push(diagnostic("NN2027", block.name.span, { name }));
  const span = block.name.span;
  declare(
    r,
    file.scope,
    block.name,
    typed
      ? { role: "a block", kind: "function", span, block: template }
      : { role: "a block", kind: "unknown", span },
  );
  file.blocks.set(name, template);
}

/** A block sees only earlier ones, so every recursion is a direct one. */
function usesItself(block: BlockSection): boolean {
  const name = block.name.name;
  const uses = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(uses);
    if (typeof value !== "object" || value === null || "lineStarts" in value) return false;
    const node = value as { kind?: unknown; segments?: { name: string }[] };
    if (node.kind === "path" && node.segments?.length === 1 && node.segments[0]!.name === name) return true;
    return Object.values(value).some(uses);
  };
  return block.items.some((item) =>
    uses(item.kind === "return" ? item.value : "value" in item ? item.value : undefined),
  );
}

type Item = Extract<BlockSection["items"][number], { name: unknown }>;

/** Resolves a binding, a shared name or a weight of a block, model or task. */
export function resolveItem(r: Resolution, scope: Scope, item: Item): void {
  const span = item.name.span;
  if (item.kind === "shared") {
    if (kindOf(item.value, scope) === "tensor") {
      const hint =
        "A shared name is a function: leave the tensor out here, and apply the name where it is used.";
      r.diagnostics.push(
        diagnostic("NN2010", item.value.span, { what: `What \`${item.name.name}\` would be` }, { hint }),
      );
      resolveValue(r, scope, item.value);
      return declare(r, scope, item.name, { role: "a shared name", kind: "unknown", span });
    }
    resolveFunction(r, scope, item.value);
    return declare(r, scope, item.name, { role: "a shared name", kind: "function", span });
  }
  if (item.kind === "weight") {
    resolveTypeNames(r, scope, item.type);
    if (item.initializer) resolveComponent(r, scope, "initializer", item.initializer);
    return declare(r, scope, item.name, { role: "a weight", kind: "tensor", span });
  }
  declare(r, scope, item.name, resolveBinding(r, scope, item));
}

function resolveBinding(r: Resolution, scope: Scope, item: Extract<Item, { kind: "binding" }>): Declared {
  const span = item.name.span;
  const kind = kindOf(item.value, scope);
  if (kind === "function") {
    resolveFunction(r, scope, item.value);
    r.diagnostics.push(
      diagnostic(
        "NN2011",
        item.value.span,
        { name: item.name.name },
        {
          hint: `Write \`shared ${item.name.name} = …\` for one set of weights, or a \`block\` for fresh ones at every use.`,
        },
      ),
    );
    return { role: "a binding", kind: "unknown", span };
  }
  if (kind === "scalar" && item.value.kind !== "list") {
    r.diagnostics.push(
      diagnostic(
        "NN2017",
        item.value.span,
        { reason: `A binding holds a tensor, and \`${item.name.name}\` would be a constant` },
        {
          hint: `Write \`const ${item.name.name} = …\` above the model.`,
        },
      ),
    );
    return { role: "a binding", kind: "unknown", span };
  }
  resolveValue(r, scope, item.value);
  return { role: "a binding", kind: kind === "scalar" ? "unknown" : kind, span };
}

function resolveImport(loader: Loader, file: ResolvedFile, section: ImportSection, from: string): void {
  const r = loader.resolution;
  const path = section.from.value;
  const imported = loadFile(loader, section, from);
  for (const { name, alias } of section.names) {
    const as = alias ?? name;
    const unknown: Declared = { role: "a block", kind: "unknown", span: as.span };
    if (!imported) {
      declare(r, file.scope, as, unknown);
      continue;
    }
    const block = imported.blocks.get(name.name);
    if (block) {
      declare(r, file.scope, as, { role: "a block", kind: "function", span: as.span, block });
      file.blocks.set(as.name, block);
    } else if (imported.constants.has(name.name)) {
      declare(r, file.scope, as, { role: "a constant", kind: "scalar", span: as.span });
      file.constants.set(as.name, imported.constants.get(name.name));
    } else {
      if (!lookup(imported.scope, name.name)) {
        const known = [...imported.blocks.keys(), ...imported.constants.keys()];
        r.diagnostics.push(
          diagnostic("NN2015", name.span, { name: name.name, path }, { hint: didYouMean(name.name, known) }),
        );
      }
      declare(r, file.scope, as, unknown);
    }
  }
}

function loadFile(loader: Loader, section: ImportSection, from: string): ResolvedFile | undefined {
  const r = loader.resolution;
  const given = section.from.value;
  const span = section.from.span;
  const fail = (reason: string, hint?: string): undefined => {
    r.diagnostics.push(diagnostic("NN2014", span, { path: given, reason }, { hint }));
    return undefined;
  };
  const isStandard = given.startsWith("std/");
  if (!isStandard && (given.startsWith("/") || /^[a-z]+:/i.test(given) || given.includes("\\"))) {
    return fail("imports are relative to this file, with `/` between folders");
  }
  const path = isStandard ? given : joinPath(from, given);
  if (loader.files.has(path)) {
    const known = loader.files.get(path);
    if (known) return known;
    if (loader.trail.includes(path)) {
      const cycle = [...loader.trail.slice(loader.trail.indexOf(path)), path].join(" → ");
      r.diagnostics.push(diagnostic("NN2013", span, { cycle }));
    }
    return undefined;
  }
  const text = isStandard ? standardText(given.slice(4)) : loader.read(path);
  if (text === undefined) {
    if (!isStandard) return fail("there is no such file");
    return fail(
      "the standard library has no such module",
      didYouMean(
        given,
        standardModules().map((m) => `std/${m}`),
      ),
    );
  }
  loader.files.set(path, undefined);
  loader.trail.push(path);
  const parsed = parse(makeSource(path, text));
  r.diagnostics.push(...parsed.diagnostics);
  const file = resolveFile(loader, parsed.value, path);
  loader.trail.pop();
  loader.files.set(path, file);
  return file;
}

/** `given` seen from the folder of `from`. */
function joinPath(from: string, given: string): string {
  const absolute = from.startsWith("/") ? "/" : "";
  const parts = from
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "" && part !== ".");
  for (const part of given.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push("..");
  }
  return absolute + parts.join("/");
}
