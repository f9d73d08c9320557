import { readFileSync } from "node:fs";
import { serializeProduction, type Rule } from "chevrotain";
import { expect, test } from "vitest";
import { makeLexer } from "../../grammar/tokens.js";
import { NnspecParser } from "../../src/syntax/parser/sections.js";
import { grammarRules } from "../../src/syntax/parser/index.js";

const read = (path: string): string =>
  readFileSync(new URL(`../../grammar/${path}`, import.meta.url), "utf8");

test("the formal grammar has every rule, and no other", () => {
  const text = read("nnspec.ebnf").replace(/\(\*[^]*?\*\)/g, "");
  const written = [...text.matchAll(/^(\w+)\s*=/gm)].map((m) => m[1]);
  expect(written.toSorted()).toEqual(Object.keys(grammarRules()).toSorted());
});

test("the grammar is without ambiguities, and every token can be read", () => {
  expect(() => new NnspecParser({ skipValidations: false })).not.toThrow();
  expect(makeLexer({ skipValidations: false }).lexerDefinitionErrors).toEqual([]);
});

test("each rule of the formal grammar mentions what the rule of the parser does", () => {
  const text = read("nnspec.ebnf").replace(/\(\*[^]*?\*\)/g, "");
  const bodies = new Map([...text.matchAll(/^(\w+)\s*=([^;]*);/gm)].map((m) => [m[1]!, m[2]!]));
  for (const [name, rule] of Object.entries(grammarRules())) {
    const body = bodies.get(name)!.replace(/"[^"]*"/g, "");
    const written = new Set([...body.matchAll(/\b[a-z]\w*/g)].map((m) => m[0]));
    expect([name, [...written].toSorted()]).toEqual([name, [...mentioned(rule)].toSorted()]);
  }
});

function mentioned(rule: Rule): Set<string> {
  const found = new Set<string>();
  JSON.stringify(serializeProduction(rule), (_key, value: { type?: unknown; name?: unknown } | undefined) => {
    if (value?.type === "NonTerminal") found.add(String(value.name));
    return value;
  });
  return found;
}
