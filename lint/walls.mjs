// Which folder may import what: the allow-list of walls.json, as a rule for oxlint. What is not listed is refused.
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { checkAssertions } from "./assertions.mjs";
import { checkPlainKeys } from "./plain-keys.mjs";
import { checkSpreads } from "./spreads.mjs";

/** @type {Record<string, readonly string[]>} */
const listed = JSON.parse(readFileSync(new URL("walls.json", import.meta.url), "utf8"));
const walls = new Map(Object.entries(listed));

/** The folder of the list that a file belongs to: `src` only holds the files right in it, every other all below it. */
export function roomOf(file) {
  const folder = posix.dirname(file);
  if (folder === "src") return "src";
  const parts = folder.split("/");
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join("/");
    if (name !== "src" && walls.has(name)) return name;
  }
  return undefined;
}

/** What an import asks for: a folder of the list, a file of `src`, a package or a module of Node. */
function askedFor(file, specifier) {
  if (!specifier.startsWith("."))
    return specifier.startsWith("node:")
      ? specifier
      : specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
  const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
  const room = roomOf(target);
  // The files right in `src` are asked for one by one; its index is the package itself.
  return room === "src" && target !== "src/index.ts" ? target : room;
}

/** Why a file may not import this, or nothing. */
export function refusal(file, specifier) {
  const room = roomOf(file);
  if (room === undefined)
    return `${posix.dirname(file)} is not in lint/walls.json: say there what it may import.`;
  const asked = askedFor(file, specifier);
  const allowed = walls.get(room) ?? [];
  if (asked === undefined) return `${specifier} leads to no folder of lint/walls.json.`;
  if (asked === room || allowed.includes(asked) || (room === "src" && asked.endsWith(".ts")))
    return undefined;
  if (asked.startsWith("node:") && allowed.includes("node:*")) return undefined;
  return `${room} may not import ${asked} (lint/walls.json).`;
}

function checkImports(context) {
  const marker = context.cwd.replaceAll("\\", "/") + "/";
  const file = context.filename.replaceAll("\\", "/").replace(marker, "");
  const check = (node) => {
    const specifier = node.source?.value;
    const message = typeof specifier === "string" ? refusal(file, specifier) : undefined;
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration: check,
    ExportAllDeclaration: check,
    ExportNamedDeclaration: check,
    ImportExpression: check,
    TSImportType: check,
  };
}

/** Names and texts of users never become part of an expression. */
function checkPatterns(context) {
  const check = (node) => {
    const [pattern] = node.arguments;
    const fixed =
      pattern?.type === "Literal" ||
      (pattern?.type === "TemplateLiteral" && pattern.expressions.length === 0);
    if (node.callee.type === "Identifier" && node.callee.name === "RegExp" && !fixed)
      context.report({
        node,
        message: "A regular expression is written out: text in it would have to be escaped.",
      });
  };
  return { NewExpression: check, CallExpression: check };
}

export default {
  meta: { name: "nnc" },
  rules: {
    walls: { create: checkImports },
    "fixed-patterns": { create: checkPatterns },
    assertions: { create: checkAssertions },
    "plain-keys": { create: checkPlainKeys },
    spreads: { create: checkSpreads },
  },
};
